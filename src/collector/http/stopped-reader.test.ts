/** A console that stops reading its feed without a word: it is cut off, costs no memory, and nobody else notices. */
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { crossingEvent } from '../../testing/events.ts';
import { quietFlow } from '../../testing/quiet-centre.ts';

const mostGrowthBytes = 20 * 1024 ** 2;
const batch = 50;
/** As long as a trail may be: the system holds megabytes for a reader that has stopped. */
const trail = Array.from({ length: 200 }, (_, at) => [0.123456789, at / 1000] as [number, number]);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
function held(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let centre: Centre;
let cookie: string;
beforeAll(async () => {
  centre = await openCentre();
  cookie = await centre.cookieOf(await centre.addUser('operator', { kind: 'all' }));
});
afterAll(() => centre.close());

/** Asks for the feed, reads its first piece, and then nothing more. */
async function stopReading(): Promise<Socket> {
  const { hostname, port } = new URL(centre.address);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(`GET /api/feed HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${cookie}\r\n\r\n`);
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  socket.pause();
  return socket;
}

test('a feed that nobody reads is ended within bounds, and who reads gets all of it', async () => {
  const flow = quietFlow(centre.store);
  const stopped = await stopReading();
  let isCutOff = false;
  stopped.once('close', () => {
    isCutOff = true;
  });
  stopped.on('error', () => undefined);
  const ending = new AbortController();
  const reader = await centre.ask('GET', '/api/feed', { cookie, signal: ending.signal });
  let newest = 0;
  const reading = (async () => {
    let rest = '';
    for await (const piece of reader.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      rest = (rest + piece).slice(-40_000);
      for (const [, number] of rest.matchAll(/"sequence":(\d+)/g))
        newest = Math.max(newest, Number(number));
    }
  })().catch(() => undefined);
  const before = held();
  let mostHeld = before;
  let sequence = 10_000;
  // Of a rule each, so that each raises an alarm of its own.
  const file = async (): Promise<void> => {
    const events = Array.from({ length: batch }, (_, at) =>
      crossingEvent(sequence + at + 1, {
        edgeId: 'edge-north',
        cameraId: 'cam-north',
        trail,
        ruleId: `gate-${sequence + at}`,
        capturedAtMs: Date.now(),
      }),
    );
    sequence += batch;
    await flow.file(events);
  };
  const until = performance.now() + 90_000;
  while (!isCutOff && performance.now() < until) {
    // A reset is noticed by a socket that is written to, or read from.
    stopped.write('\r\n');
    await file();
    mostHeld = Math.max(mostHeld, held());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(isCutOff).toBe(true);
  expect(mostHeld - before).toBeLessThan(mostGrowthBytes);
  await expect.poll(() => newest, { timeout: 30_000 }).toBe(sequence);
  ending.abort();
  await reading;
}, 150_000);
