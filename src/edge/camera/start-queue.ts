/**
 * Lets things start one after another with a least time between two, first come first served, so that a switch that
 * comes back does not start every camera of the box in the same second.
 */

export type StartQueue = Readonly<{
  /** Resolves when it is one's turn; true then, false when `stop` came first and the turn goes to the next. */
  turn: (stop: AbortSignal) => Promise<boolean>;
}>;

type Waiting = Readonly<{ go: () => void }>;

export function createStartQueue(leastMsBetween: number): StartQueue {
  const waiting = new Set<Waiting>();
  let nextAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const serve = (): void => {
    timer = undefined;
    const [first] = waiting;
    if (first === undefined) return;
    const early = nextAt - performance.now();
    if (early > 0) {
      timer = setTimeout(serve, Math.ceil(early));
      return;
    }
    nextAt = performance.now() + leastMsBetween;
    waiting.delete(first);
    first.go();
    serve();
  };

  return {
    turn: (stop) =>
      new Promise((resolve) => {
        if (stop.aborted) return resolve(false);
        const leave = (): void => {
          waiting.delete(one);
          resolve(false);
        };
        const one: Waiting = {
          go: () => {
            stop.removeEventListener('abort', leave);
            resolve(true);
          },
        };
        stop.addEventListener('abort', leave, { once: true });
        waiting.add(one);
        if (timer === undefined) serve();
      }),
  };
}
