/** What a soak found, from the samples after its warm-up, and whether that is good. Pure. */
import type { ThreadHeap } from './box-heaps.ts';
import { growthPerMinute, median, type Sample } from './growth.ts';

export type BoxSample = Readonly<{
  atMs: number;
  threads: readonly ThreadHeap[];
  rssBytes: number;
  descriptors: number;
  children: number;
  zombies: number;
  /** Cameras that give pictures. */
  up: number;
}>;

type StartAndEnd = Readonly<{ start: number; end: number }>;

export type SoakReport = Readonly<{
  ok: boolean;
  /** What is wrong, one sentence each. */
  faults: readonly string[];
  seconds: number;
  samples: number;
  reconnects: number;
  /** Of the thread whose heap grows most, after garbage collection, without compiled code. */
  heapMiBPerMinute: number;
  /** Of all threads together. */
  heapMiBPerMinuteOfAll: number;
  /** Of the thread whose compiled code grows most. */
  codeMiBPerMinute: number;
  heapMiB: StartAndEnd;
  heapMiBPerMinuteByThread: Readonly<Record<string, number>>;
  externalMiBPerMinute: number;
  rssMiBPerMinute: number;
  /** Of the last third over the middle third. */
  rssRatio: number;
  rssMiB: StartAndEnd;
  descriptors: StartAndEnd;
  children: StartAndEnd;
  activeResources: StartAndEnd;
  zombies: number;
  allUpShare: number;
}>;

const mostHeapMiBPerMinute = 0.1;
const mostCodeMiBPerMinute = 0.2;
const mostRssRatio = 1.1;
const mebibyte = 1024 ** 2;

export function soakReport(
  samples: readonly BoxSample[],
  facts: Readonly<{ cameras: number; reconnects: number }>,
): SoakReport {
  const series = (of: (sample: BoxSample) => number): readonly Sample[] =>
    samples.map((sample) => ({ atMs: sample.atMs, value: of(sample) }));
  const heapOf = ({ threads }: BoxSample): number =>
    threads.reduce((sum, thread) => sum + objectBytes(thread), 0) / mebibyte;
  const rssOf = ({ rssBytes }: BoxSample): number => rssBytes / mebibyte;
  const [, middle = [], last = []] = thirds(samples);
  const figures = {
    seconds: Math.round(((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 1000),
    samples: samples.length,
    reconnects: facts.reconnects,
    heapMiBPerMinute: Math.max(...Object.values(byThread(samples, objectBytes))),
    heapMiBPerMinuteOfAll: rounded(growthPerMinute(series(heapOf)), 3),
    codeMiBPerMinute: Math.max(0, ...Object.values(byThread(samples, ({ code }) => code))),
    heapMiB: startAndEnd(samples, heapOf),
    heapMiBPerMinuteByThread: byThread(samples, objectBytes),
    externalMiBPerMinute: rounded(
      growthPerMinute(series(({ threads }) => sumOf(threads, 'external') / mebibyte)),
      3,
    ),
    rssMiBPerMinute: rounded(growthPerMinute(series(rssOf)), 3),
    rssRatio: rounded(medianOf(last, rssOf) / medianOf(middle, rssOf), 3),
    rssMiB: startAndEnd(samples, rssOf),
    descriptors: startAndEnd(samples, ({ descriptors }) => descriptors),
    children: startAndEnd(samples, ({ children }) => children),
    activeResources: startAndEnd(samples, ({ threads }) => sumOf(threads, 'resources')),
    zombies: Math.max(0, ...samples.map(({ zombies }) => zombies)),
    allUpShare: rounded(
      samples.filter(({ up }) => up === facts.cameras).length / Math.max(1, samples.length),
      3,
    ),
  };
  const faults = faultsOf(figures, facts.cameras);
  return { ok: faults.length === 0, faults, ...figures };
}

function faultsOf(figures: Omit<SoakReport, 'ok' | 'faults'>, cameras: number): readonly string[] {
  const { heapMiBPerMinute, codeMiBPerMinute, rssRatio, descriptors, children, zombies, samples } =
    figures;
  const found: readonly (readonly [boolean, string])[] = [
    [samples < 3, `only ${samples} samples were taken; give it more seconds`],
    [
      codeMiBPerMinute > mostCodeMiBPerMinute,
      `the compiled code of a thread grows by ${codeMiBPerMinute} MiB a minute, more than ${mostCodeMiBPerMinute}`,
    ],
    [
      heapMiBPerMinute > mostHeapMiBPerMinute,
      `the heap of a thread grows by ${heapMiBPerMinute} MiB a minute, more than ${mostHeapMiBPerMinute}`,
    ],
    [
      rssRatio > mostRssRatio,
      `the resident memory went on growing: ${rssRatio} of the middle third`,
    ],
    [
      descriptors.end !== descriptors.start,
      `${descriptors.start} descriptors became ${descriptors.end}`,
    ],
    [
      children.start !== cameras || children.end !== cameras,
      `${cameras} cameras had ${children.start} children at the start and ${children.end} at the end`,
    ],
    [zombies > 0, `${zombies} zombies were left`],
  ];
  return found.flatMap(([isWrong, sentence]) => (isWrong ? [sentence] : []));
}

/** The medians of the first and of the last three: a reconnect that takes longer than another is no growth. */
function startAndEnd(
  samples: readonly BoxSample[],
  of: (sample: BoxSample) => number,
): StartAndEnd {
  const [start, end] = [samples.slice(0, 3), samples.slice(-3)].map((some) =>
    rounded(medianOf(some, of), 1),
  );
  return { start: start ?? 0, end: end ?? 0 };
}

function objectBytes({ heapUsed, code }: ThreadHeap): number {
  return heapUsed - code;
}

function byThread(
  samples: readonly BoxSample[],
  bytesOf: (thread: ThreadHeap) => number,
): Readonly<Record<string, number>> {
  const names = new Set(samples.flatMap(({ threads }) => threads.map(({ name }) => name)));
  return Object.fromEntries(
    [...names].map((name) => {
      const own = samples.flatMap(({ atMs, threads }) =>
        threads
          .filter((thread) => thread.name === name)
          .map((thread) => ({ atMs, value: bytesOf(thread) / mebibyte })),
      );
      return [name, rounded(growthPerMinute(own), 3)];
    }),
  );
}

function sumOf(threads: readonly ThreadHeap[], what: 'external' | 'resources'): number {
  return threads.reduce((sum, thread) => sum + thread[what], 0);
}

function thirds<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const cut = (part: number): number => Math.round((items.length * part) / 3);
  return [0, 1, 2].map((part) => items.slice(cut(part), cut(part + 1)));
}

function medianOf(samples: readonly BoxSample[], of: (sample: BoxSample) => number): number {
  return median(samples.map(of)) ?? 0;
}

function rounded(value: number, digits: number): number {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) : 0;
}
