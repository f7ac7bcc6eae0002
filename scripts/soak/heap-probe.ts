/**
 * Loaded into every thread of a box before its own program (`--expose-gc --import`; threads inherit both): on demand each
 * thread collects its garbage and tells what its heap still holds. The main thread asks the others and answers its parent,
 * and tells how late its own event loop was since the last time, but for the collections that were asked for.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import { BroadcastChannel, isMainThread, threadId, workerData } from 'node:worker_threads';
import type { BoxHeaps, ThreadHeap } from './box-heaps.ts';

type Word =
  | Readonly<{ kind: 'here'; threadId: number }>
  | Readonly<{ kind: 'measure' }>
  | Readonly<{ kind: 'heap'; heap: ThreadHeap }>;

const patienceMs = 15_000;
const channel = new BroadcastChannel('haoguanjia-heap-probe');
channel.unref();
const say = (word: Word): void => channel.postMessage(word);

if (isMainThread) answerParent();
else answerMainThread();

function answerMainThread(): void {
  channel.onmessage = (message: unknown) => {
    if (wordOf(message).kind === 'measure') say({ kind: 'heap', heap: ownHeap() });
  };
  say({ kind: 'here', threadId });
}

/** A thread that stays silent has ended, and is asked no more. */
function answerParent(): void {
  const known = new Set<number>();
  let heaps = new Map<number, ThreadHeap>();
  let answer: (() => void) | undefined;
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const isComplete = (): boolean => [...known].every((id) => heaps.has(id));
  channel.onmessage = (message: unknown) => {
    const word = wordOf(message);
    if (word.kind === 'here') known.add(word.threadId);
    if (word.kind !== 'heap') return;
    heaps.set(word.heap.threadId, word.heap);
    if (isComplete()) answer?.();
  };
  process.on('message', () => {
    const loopDelayMs = { p99: delay.percentile(99) / 1e6, most: delay.max / 1e6 };
    delay.disable();
    heaps = new Map([[0, ownHeap()]]);
    const timer = setTimeout(() => answer?.(), patienceMs);
    answer = () => {
      clearTimeout(timer);
      answer = undefined;
      for (const id of known) if (!heaps.has(id)) known.delete(id);
      process.send?.({ threads: [...heaps.values()], loopDelayMs } satisfies BoxHeaps);
      delay.reset();
      delay.enable();
    };
    say({ kind: 'measure' });
    if (isComplete()) answer();
  });
  process.channel?.unref();
}

function wordOf(message: unknown): Word {
  return (message as Readonly<{ data: Word }>).data;
}

function ownHeap(): ThreadHeap {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo().length;
  const code = compiledBytes();
  return { threadId, name: nameOf(workerData), heapUsed, code, external, resources };
}

function compiledBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => /^(?:code|trusted)_/.test(name))
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
}

/** A camera's worker is told its camera. */
function nameOf(data: unknown): string {
  if (isMainThread) return 'main';
  const camera =
    typeof data === 'object' && data !== null && 'camera' in data ? data.camera : undefined;
  const { cameraId } = (camera ?? {}) as Readonly<{ cameraId?: string }>;
  return cameraId ?? `thread-${threadId}`;
}
