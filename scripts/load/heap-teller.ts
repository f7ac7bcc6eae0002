/**
 * Loaded before a program (`node --expose-gc --import`): says every five seconds, after collections, what its heap holds and
 * what V8 holds for it outside of the heap, where buffers are. Bytes.
 */

const everyMs = 5000;

setInterval(() => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`heap ${heapUsed} external ${external}\n`);
}, everyMs).unref();
