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
  /** Events that the centre has not acknowledged. */
  waiting: number;
  /** Of the largest write-ahead log. */
  walBytes: number;
  /** Of the main thread since the sample before. */
  loopDelayMs: Readonly<{ p99: number; most: number }>;
}>;

type StartAndEnd = Readonly<{ start: number; end: number }>;

export type SoakReport = Readonly<{
  ok: boolean;
  /** What is wrong, one sentence each. */
  faults: readonly string[];
  seconds: number;
  samples: number;
  reconnects: number;
  /** Of all threads together, after garbage collection: objects and what V8 has compiled, and each apart. */
  heapMiBPerMinute: number;
  objectsMiBPerMinute: number;
  codeMiBPerMinute: number;
  /** The whole in each third of what is judged: what levels off grows less from one to the next. */
  heapMiBPerMinuteByThird: readonly number[];
  /** Before that, while everything was being compiled and people were first seen. */
  warmUp: Readonly<{ seconds: number; heapMiBPerMinute: number; rssMiB: StartAndEnd }>;
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
  waitingAtEnd: number;
  walMiBMost: number;
  loopDelayMs: Readonly<{ p99: number; most: number }>;
}>;

const mostObjectsMiBPerMinute = 0.1;
const mostCodeMiBPerMinute = 0.2;
const mostRssRatio = 1.1;
const mostWalMiB = 64;
const mebibyte = 1024 ** 2;

type SoakFacts = Readonly<{
  cameras: number;
  reconnects: number;
  /** Samples that came before those that are judged. */
  warmUp: readonly BoxSample[];
}>;

export function soakReport(samples: readonly BoxSample[], facts: SoakFacts): SoakReport {
  const middle = thirds(samples)[1] ?? [];
  const last = thirds(samples)[2] ?? [];
  const figures = {
    seconds: secondsOf(samples),
    samples: samples.length,
    reconnects: facts.reconnects,
    heapMiBPerMinute: growthOf(samples, heapMiB),
    objectsMiBPerMinute: growthOf(samples, (sample) => heapMiB(sample) - codeMiB(sample)),
    codeMiBPerMinute: growthOf(samples, codeMiB),
    heapMiBPerMinuteByThird: thirds(samples).map((third) => growthOf(third, heapMiB)),
    warmUp: {
      seconds: secondsOf([...facts.warmUp, ...samples.slice(0, 1)]),
      heapMiBPerMinute: growthOf(facts.warmUp, heapMiB),
      rssMiB: startAndEnd(facts.warmUp, rssMiB),
    },
    heapMiB: startAndEnd(samples, heapMiB),
    heapMiBPerMinuteByThread: byThread(samples, ({ heapUsed }) => heapUsed),
    externalMiBPerMinute: growthOf(samples, ({ threads }) => sumOf(threads, 'external') / mebibyte),
    rssMiBPerMinute: growthOf(samples, rssMiB),
    rssRatio: rounded(medianOf(last, rssMiB) / medianOf(middle, rssMiB), 3),
    rssMiB: startAndEnd(samples, rssMiB),
    descriptors: startAndEnd(samples, ({ descriptors }) => descriptors),
    children: startAndEnd(samples, ({ children }) => children),
    activeResources: startAndEnd(samples, ({ threads }) => sumOf(threads, 'resources')),
    zombies: Math.max(0, ...samples.map(({ zombies }) => zombies)),
    allUpShare: rounded(
      samples.filter(({ up }) => up === facts.cameras).length / Math.max(1, samples.length),
      3,
    ),
    waitingAtEnd: Math.min(...samples.slice(-3).map(({ waiting }) => waiting)),
    walMiBMost: rounded(Math.max(0, ...samples.map(({ walBytes }) => walBytes)) / mebibyte, 1),
    loopDelayMs: {
      p99: rounded(
        medianOf(samples, ({ loopDelayMs }) => loopDelayMs.p99),
        1,
      ),
      most: rounded(Math.max(0, ...samples.map(({ loopDelayMs }) => loopDelayMs.most)), 1),
    },
  };
  const faults = faultsOf(figures, facts.cameras);
  return { ok: faults.length === 0, faults, ...figures };
}

function faultsOf(figures: Omit<SoakReport, 'ok' | 'faults'>, cameras: number): readonly string[] {
  const {
    objectsMiBPerMinute,
    codeMiBPerMinute,
    rssRatio,
    descriptors,
    children,
    zombies,
    samples,
  } = figures;
  const { waitingAtEnd, walMiBMost } = figures;
  const found: readonly (readonly [boolean, string])[] = [
    [samples < 3, `only ${samples} samples were taken; give it more seconds`],
    [
      objectsMiBPerMinute > mostObjectsMiBPerMinute,
      `the objects of all threads grow by ${objectsMiBPerMinute} MiB a minute, more than ${mostObjectsMiBPerMinute}`,
    ],
    [
      codeMiBPerMinute > mostCodeMiBPerMinute,
      `the compiled code of all threads grows by ${codeMiBPerMinute} MiB a minute, more than ${mostCodeMiBPerMinute}`,
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
    [waitingAtEnd > 0, `${waitingAtEnd} events were still waiting at the end`],
    [walMiBMost > mostWalMiB, `a write-ahead log grew to ${walMiBMost} MiB`],
  ];
  return found.flatMap(([isWrong, sentence]) => (isWrong ? [sentence] : []));
}

function growthOf(samples: readonly BoxSample[], of: (sample: BoxSample) => number): number {
  const series: readonly Sample[] = samples.map((one) => ({ atMs: one.atMs, value: of(one) }));
  return rounded(growthPerMinute(series), 3);
}

function heapMiB({ threads }: BoxSample): number {
  return sumOf(threads, 'heapUsed') / mebibyte;
}

function codeMiB({ threads }: BoxSample): number {
  return sumOf(threads, 'code') / mebibyte;
}

function rssMiB({ rssBytes }: BoxSample): number {
  return rssBytes / mebibyte;
}

function secondsOf(samples: readonly BoxSample[]): number {
  return Math.round(((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 1000);
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

type Measure = 'heapUsed' | 'code' | 'external' | 'resources';

function sumOf(threads: readonly ThreadHeap[], what: Measure): number {
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
