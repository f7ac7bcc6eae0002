/** Loaded before a program (`node --expose-gc --import`): says every five seconds what its heap holds after collections. */

const everyMs = 5000;

setInterval(() => {
  globalThis.gc?.();
  globalThis.gc?.();
  process.stdout.write(`heap ${process.memoryUsage().heapUsed}\n`);
}, everyMs).unref();
