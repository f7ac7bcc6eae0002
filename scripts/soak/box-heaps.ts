/** What a box's threads hold in memory after garbage collection, as `heap-probe.ts` tells it. Bytes. */

export type ThreadHeap = Readonly<{
  threadId: number;
  /** `main`, the camera's id, or the thread's number. */
  name: string;
  heapUsed: number;
  /** Of it, what V8 has compiled: it grows with every function that becomes busy and is thrown away as V8 likes. */
  code: number;
  external: number;
  /** Timers, sockets and so on that it has open. */
  resources: number;
}>;

export type BoxHeaps = Readonly<{
  threads: readonly ThreadHeap[];
  /** Of the main thread's event loop, since it was asked before. */
  loopDelayMs: Readonly<{ p99: number; most: number }>;
}>;
