/** Cameras with faults of every day, on real ffmpeg and real RTSP: jumping clocks, other codecs, no hardware. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRtspServer, type RtspServer } from '../../demo/rtsp-server.ts';
import { type Camera, type CameraSettings, createCamera } from './camera.ts';
import type { Frame } from './frame.ts';

const clip = 'test-fixtures/clips/town-square.mp4';
const folder = mkdtempSync(join(tmpdir(), 'camera-faults-'));
const ticksPerSecond = 90_000;

let server: RtspServer;
let url: (path: string) => string;
const cameras: Camera[] = [];

beforeAll(async () => {
  makeClip('h265.mp4', '-c:v libx265 -x265-params log-level=none:keyint=10');
  makeClip('mjpeg.avi', '-c:v mjpeg -pix_fmt yuvj420p -huffman default');
  server = createRtspServer({
    cameras: [
      { path: 'jumping', file: clip, onTheWay: jumpTimes() },
      { path: 'h265', file: join(folder, 'h265.mp4') },
      { path: 'mjpeg', file: join(folder, 'mjpeg.avi') },
      ...['a', 'b'].map((path) => ({ path, file: clip })),
    ],
  });
  ({ url } = await server.start());
});
afterEach(async () => {
  await Promise.all(cameras.splice(0).map((camera) => camera.stop()));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

function watch(path: string, settings: Partial<CameraSettings> = {}) {
  const frames: Frame[] = [];
  const [states, warnings]: [string[], (readonly string[])[]] = [[], []];
  const camera = createCamera(
    { cameraId: 'east-gate', source: url(path), analysisFps: 5, ...settings },
    {
      onFrame: (frame) => {
        frames.push({ ...frame, pixels: frame.pixels.slice(0, 300) });
      },
      onState: (state) => states.push(state),
      onWarnings: (sentences) => warnings.push(sentences),
    },
  );
  camera.start();
  cameras.push(camera);
  return { frames, states, warnings };
}

const enough = (frames: readonly Frame[], count: number) =>
  vi.waitFor(() => expect(frames.length).toBeGreaterThanOrEqual(count), {
    timeout: 15_000,
    interval: 20,
  });

describe('a camera', () => {
  test.each(['h265', 'mjpeg'])('that sends %s is analysed as any other', async (path) => {
    const { frames, states, warnings } = watch(path);
    await enough(frames, 8);
    expect(frames[0]).toMatchObject({ width: 320, height: 240 });
    expect(states).toEqual(['connecting', 'live']);
    expect(warnings).toEqual([]);
    const steps = frames
      .slice(1)
      .map(({ mediaTimeMs }, i) => mediaTimeMs - (frames[i]?.mediaTimeMs ?? 0));
    expect(Math.max(...steps)).toBeLessThan(500);
  });

  test('whose clock jumps, stands still and wraps gives frames at its rate, in order, in no burst', async () => {
    const { frames, states } = watch('jumping');
    await enough(frames, 5);
    const from = frames.length;
    await wait(11_000);
    // By the time of the pictures, which goes on with the real one: a busy machine may take them late.
    const tookMs = (frames.at(-1)?.mediaTimeMs ?? 0) - (frames[from - 1]?.mediaTimeMs ?? 0);
    expect(tookMs).toBeGreaterThan(9000);
    const rate = ((frames.length - from) * 1000) / tookMs;
    expect(rate).toBeGreaterThan(4.5);
    expect(rate).toBeLessThan(5.5);
    const steps = frames
      .slice(1)
      .map(({ mediaTimeMs }, i) => mediaTimeMs - (frames[i]?.mediaTimeMs ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(20);
    expect(Math.max(...steps)).toBeLessThan(1500);
    expect(states).toEqual(['connecting', 'live']);
  });

  test
    .skipIf(existsSync('/dev/dri') || existsSync('/dev/nvidia0'))
    .each(['vaapi', 'qsv', 'cuda'] as const)(
    'that is to be decoded by %s hardware which is not there is decoded in software, said aloud',
    async (hardwareDecoder) => {
      const { frames, states, warnings } = watch('a', { hardwareDecoder });
      await enough(frames, 5);
      expect(warnings).toEqual([
        [
          expect.stringMatching(
            new RegExp(
              `^camera east-gate: ${hardwareDecoder} hardware decoding is not available.*; install`,
            ),
          ),
        ],
      ]);
      expect(states).toEqual(['connecting', 'live']);
    },
  );

  test('is not opened anew because its own box stood still', async () => {
    const program = spawn(
      process.execPath,
      ['--input-type=module', '-e', onlyCamera(url('b'), 2)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    program.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    const gone = once(program, 'exit');
    await vi.waitFor(() => expect(said).toMatch(/live/), { timeout: 10_000 });
    const before = server.attempts('b');
    program.kill('SIGSTOP');
    await wait(6000);
    program.kill('SIGCONT');
    await wait(3000);
    program.kill('SIGKILL');
    await gone;
    expect(said.trim().split('\n')).toEqual(['connecting', 'live']);
    expect(server.attempts('b')).toBe(before);
  });
});

/** Of the first stamp on: two seconds until the 32 bits wrap, ten minutes on, ten back, two seconds of no time at all. */
function jumpTimes(): (packet: Buffer) => readonly Buffer[] {
  let first: number | undefined;
  return (packet) => {
    const stamp = packet.readUInt32BE(4);
    first ??= stamp;
    const passed = (stamp - first + 2 ** 32) % 2 ** 32;
    const jumped = Buffer.from(packet);
    const shown = -2 * ticksPerSecond + shownTime(passed % (12 * ticksPerSecond));
    jumped.writeUInt32BE((shown + 2 ** 33) % 2 ** 32, 4);
    return [jumped];
  };
}

function shownTime(ticks: number): number {
  const seconds = ticks / ticksPerSecond;
  if (seconds < 4) return ticks;
  if (seconds < 7) return ticks + 600 * ticksPerSecond;
  if (seconds < 10) return ticks - 600 * ticksPerSecond;
  return 10 * ticksPerSecond;
}

/** A process that does nothing but watch one camera and print its states. */
function onlyCamera(source: string, stallSeconds: number): string {
  const module = new URL('./camera.ts', import.meta.url).href;
  return `
    const { createCamera } = await import(${JSON.stringify(module)});
    createCamera(${JSON.stringify({ cameraId: 'x', source, stallSeconds })}, {
      onFrame: () => undefined,
      onState: (state) => console.log(state),
    }).start();
  `;
}

function makeClip(name: string, encoding: string): void {
  const source = '-f lavfi -i testsrc2=size=320x240:rate=10:duration=5 -pix_fmt yuv420p';
  const args = `-nostdin -v error -y ${source} ${encoding} ${join(folder, name)}`.split(' ');
  expect(spawnSync('ffmpeg', args, { encoding: 'utf8' }).status).toBe(0);
}
