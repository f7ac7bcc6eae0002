/** A broker and the real collector for a measurement, with a console that is signed in and follows the feed. */
import { freePort } from '../../src/testing/mosquitto.ts';
import { type BrokerKind, brokerProgram, collectorProgram } from '../harness/centre.ts';
import { eventually, type Program } from '../harness/program.ts';
import { type Console, signIn } from '../harness/signed-in.ts';
import type { Sample } from '../soak/growth.ts';

export type CentreUnderLoad = Readonly<{
  url: string;
  collector: Program;
  broker: Program;
  /** When each event's alarm came on the feed, by `performance.now()`. */
  onFeed: ReadonlyMap<string, number>;
  console: Console;
  stop: () => Promise<void>;
}>;

const heapTeller = ['--expose-gc', '--import', './scripts/load/heap-teller.ts'] as const;

/** With `heap` the collector says what its heap holds after collections, and it is put there; with `held` its buffers are added. */
type Settings = Readonly<{
  folder: string;
  broker: BrokerKind;
  edges: number;
  more?: string;
  heap?: Sample[];
  held?: Sample[];
}>;

/** Rejects when the programs are not there within a minute. */
export async function startCentre(settings: Settings): Promise<CentreUnderLoad> {
  const place = { folder: settings.folder, port: await freePort() };
  const facts: Record<string, string> = {};
  const broker = brokerProgram(settings.broker, place, settings.edges);
  const collector = collectorProgram(place, {
    ...(settings.more === undefined ? {} : { more: settings.more }),
    ...(settings.heap === undefined && settings.held === undefined
      ? {}
      : { nodeOptions: () => heapTeller }),
    onLine: (line) => {
      const [, bytes, external] = /^heap (\d+) external (\d+)$/.exec(line) ?? [];
      if (bytes !== undefined) {
        const atMs = performance.now();
        settings.heap?.push({ atMs, value: Number(bytes) });
        settings.held?.push({ atMs, value: Number(bytes) + Number(external) });
      }
      const [, name, value] = /^(console|set-up token)\s+(\S+)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) facts[name] = value;
    },
  });
  const onFeed = new Map<string, number>();
  const ending = new AbortController();
  const stop = async (): Promise<void> => {
    ending.abort();
    for (const program of [collector, broker]) await program.end('SIGTERM');
  };
  try {
    broker.start();
    collector.start();
    const isUp = await eventually(() => facts['set-up token'] !== undefined, 60_000);
    if (!isUp) throw new Error('the collector did not start within a minute');
    const console = await signIn(facts['console'] ?? '', facts['set-up token'] ?? '');
    await console.follow((message) => {
      const eventId = eventIdOf(message);
      if (eventId !== undefined && !onFeed.has(eventId)) onFeed.set(eventId, performance.now());
    }, ending.signal);
    return { url: `mqtt://127.0.0.1:${place.port}`, collector, broker, onFeed, console, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Of a feed message about an alarm. */
export function eventIdOf(message: unknown): string | undefined {
  const { alarm } = message as { alarm?: { event?: { eventId?: string } } };
  return alarm?.event?.eventId;
}
