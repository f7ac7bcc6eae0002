/** Hostile cameras: what they are told to be, what they cost, and whether a good one beside them is hurt. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRtspServer, type RtspServer } from '../../demo/rtsp-server.ts';
import { type Hostility, openHostileCamera } from '../../testing/hostile-camera.ts';
import { childrenOf } from '../../testing/processes.ts';
import { type Camera, createCamera } from './camera.ts';
import { createFfmpegKeeper, type FfmpegKeeper } from './ffmpeg-keeper.ts';

const analysisFps = 5;
let server: RtspServer;
let keeper: FfmpegKeeper;
let good: string;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  keeper = createFfmpegKeeper();
  server = createRtspServer({
    cameras: [{ path: 'good', file: 'test-fixtures/clips/town-square.mp4' }],
  });
  good = (await server.start()).url('good');
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
afterAll(async () => {
  await server.stop();
  await keeper.close();
});

function watch(source: string) {
  const told: { frames: number; reasons: string[] } = { frames: 0, reasons: [] };
  const camera: Camera = createCamera(
    { cameraId: 'east-gate', source, analysisFps },
    {
      onFrame: () => {
        told.frames += 1;
      },
      onState: (_, reason) => told.reasons.push(reason ?? ''),
      ffmpeg: keeper.lease().access,
    },
  );
  camera.start();
  closing.unshift(camera.stop);
  return told;
}

async function hostile(kind: Hostility, elsewhere?: string) {
  const peer = await openHostileCamera(kind, elsewhere);
  closing.push(peer.close);
  return peer;
}

describe('a hostile camera', () => {
  test.each([
    ['huge-description', /sends answers that are too long for RTSP; check that it is a camera$/],
    ['endless-headers', /sends answers that are too long for RTSP; check that it is a camera$/],
    ['garbage', /does not speak RTSP; check the port$|too long for RTSP/],
    ['audio-only', /offers no video; choose the path of its video stream$/],
    ['unknown-codec', /sends video as X-OWN, which cannot be decoded; set its encoder to/],
    ['redirect', /has moved; give the address where it is now$/],
    ['slow-loris', /takes the connection but does not answer; restart the camera$/],
    ['silent', /takes the connection but does not answer; restart the camera$/],
  ] as const)('that is %s is ended with a reason that says so', async (kind, reason) => {
    const peer = await hostile(kind);
    const told = watch(peer.url);
    await vi.waitFor(() => expect(told.reasons.at(-1)).toMatch(reason), { timeout: 14_000 });
    expect(told.reasons.at(-1)).toMatch(/^camera east-gate: [^\n]*$/);
    expect(peer.sentBytes()).toBeLessThan(8_000_000);
  });

  test('cannot send its reader to an address of its choice', async () => {
    let visits = 0;
    const trap = createServer((socket) => {
      visits += 1;
      socket.destroy();
    });
    trap.listen(0, '127.0.0.1');
    await once(trap, 'listening');
    closing.push(async () => void trap.close());
    const port = (trap.address() as { port: number }).port;
    const peer = await hostile('redirect', `rtsp://127.0.0.1:${port}/secret`);
    const told = watch(peer.url);
    await vi.waitFor(() => expect(told.reasons.at(-1)).toMatch(/has moved/), { timeout: 8000 });
    await wait(500);
    expect(visits).toBe(0);
  });

  test('starts no ffmpeg, nor does one that cannot be reached', async () => {
    const before = childrenOf(process.pid).length;
    const told = watch('rtsp://127.0.0.1:9/x');
    const other = watch((await hostile('audio-only')).url);
    await vi.waitFor(() => expect(told.reasons.at(-1)).toMatch(/refused the connection/));
    await vi.waitFor(() => expect(other.reasons.at(-1)).toMatch(/no video/));
    let most = 0;
    for (let look = 0; look < 40; look += 1) {
      most = Math.max(most, childrenOf(process.pid).length);
      await wait(50);
    }
    expect(most).toBe(before);
  });

  // A busy neighbour of the whole machine can spoil the comparison, so it may be made again.
  test('of every kind at once neither slows a good one nor fills the memory', {
    retry: 2,
  }, async () => {
    const told = watch(good);
    await vi.waitFor(() => expect(told.frames).toBeGreaterThan(5), { timeout: 10_000 });
    const rate = async (): Promise<number> => {
      const [before, began] = [told.frames, performance.now()];
      await wait(6000);
      return ((told.frames - before) * 1000) / (performance.now() - began);
    };
    const alone = await rate();
    const rssBefore = process.memoryUsage.rss();
    const kinds: Hostility[] = [
      ...(['huge-description', 'endless-headers', 'garbage', 'slow-loris', 'silent'] as const),
      ...(['flood', 'audio-only', 'unknown-codec', 'redirect'] as const),
      ...(['giant-picture', 'dribble'] as const),
    ];
    const hostiles = (await hostileThread(kinds)).map(watch);
    const beside = await rate();
    const dataLimits = childrenOf(process.pid)
      .filter(({ commandLine }) => commandLine.includes('rawvideo'))
      .map(({ pid }) => dataLimitOf(pid));
    expect(beside).toBeGreaterThanOrEqual(alone * 0.9);
    expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(150 * 1024 ** 2);
    expect(Math.max(...dataLimits)).toBeLessThan(1024 ** 3);
    const [giant, dribble] = hostiles.slice(-2);
    await vi.waitFor(
      () => {
        expect(giant?.reasons.at(-1)).toMatch(/its picture is larger than 8192x4320; choose/);
        expect(dribble?.reasons.at(-1)).toMatch(/has sent no picture for 10 s; check/);
      },
      { timeout: 20_000 },
    );
    expect(hostiles.every(({ frames }) => frames === 0)).toBe(true);
  });

  test('that floods is read no faster than a camera would send', async () => {
    const peer = await hostile('flood');
    watch(peer.url);
    await vi.waitFor(() => expect(peer.connections()).toBe(1), { timeout: 5000 });
    await wait(4000);
    // 16 MB at once, 8 MB a second after that, and what the system's own buffers hold.
    expect(peer.sentBytes()).toBeLessThan(70_000_000);
  });
});

/** In a thread of their own: what they cost themselves is not to be counted. */
async function hostileThread(kinds: readonly Hostility[]): Promise<readonly string[]> {
  const module = new URL('../../testing/hostile-camera.ts', import.meta.url).href;
  const code = `
    import { parentPort } from 'node:worker_threads';
    const { openHostileCamera } = await import(${JSON.stringify(module)});
    const peers = await Promise.all(${JSON.stringify(kinds)}.map((kind) => openHostileCamera(kind)));
    parentPort.postMessage(peers.map(({ url }) => url));
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  closing.push(async () => void (await worker.terminate()));
  const [urls] = await once(worker, 'message');
  return urls as readonly string[];
}

function dataLimitOf(pid: number): number {
  const line = /^Max data size +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'));
  return Number(line?.[1] ?? Number.POSITIVE_INFINITY);
}
