/**
 * Messages on their way: sent, and not acknowledged by the collector. One that the broker has taken is due again after the
 * patience; one that has not even left our socket would only queue behind itself, so it is given longer.
 */

export type Flights = Readonly<{
  /** Resolves when the broker has taken it or the connection has failed. */
  send: (id: string, publish: () => Promise<boolean>) => Promise<void>;
  landed: (id: string) => void;
  /** What is forgotten may be sent again. */
  forgetStale: () => void;
  ids: () => ReadonlySet<string>;
  count: () => number;
  /** How many the broker has not taken yet. */
  leaving: () => number;
  /** What the broker has taken is due again: nobody may have heard it. */
  forgetTaken: () => void;
  /** After a reconnection: everything is due. */
  clear: () => void;
}>;

type Flight = { since: number; taken: boolean };

const patienceMs = 2000;
const leavingPatienceMs = 30_000;

/** `clock` is monotonic, in milliseconds. */
export function createFlights(clock: () => number = () => performance.now()): Flights {
  const flying = new Map<string, Flight>();
  return {
    send: async (id, publish) => {
      const flight: Flight = { since: clock(), taken: false };
      flying.set(id, flight);
      const wasTaken = await publish();
      if (flying.get(id) !== flight) return;
      if (wasTaken) Object.assign(flight, { since: clock(), taken: true });
      else flying.delete(id);
    },
    landed: (id) => void flying.delete(id),
    forgetStale: () => {
      for (const [id, { since, taken }] of flying) {
        if (clock() - since > (taken ? patienceMs : leavingPatienceMs)) flying.delete(id);
      }
    },
    ids: () => new Set(flying.keys()),
    count: () => flying.size,
    leaving: () => [...flying.values()].filter(({ taken }) => !taken).length,
    forgetTaken: () => {
      for (const [id, { taken }] of flying) if (taken) flying.delete(id);
    },
    clear: () => flying.clear(),
  };
}
