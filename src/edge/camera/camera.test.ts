/** A camera on real ffmpeg and real RTSP. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CameraState } from '../../contract/edge-report.ts';
import { createRtspServer, type RtspServer } from '../../demo/rtsp-server.ts';
import { childrenOf, runningProcesses } from '../../testing/processes.ts';
import { type Camera, type CameraSettings, createCamera } from './camera.ts';
import type { Frame } from './frame.ts';

const clip = 'test-fixtures/clips/town-square.mp4';
const credentials = { username: 'admin', password: 'S3cret@Gate' };
const folder = mkdtempSync(join(tmpdir(), 'camera-test-'));
const changing = join(folder, 'changing.ts');

let server: RtspServer;
let url: (path: string) => string;
let camera: Camera | undefined;

beforeAll(async () => {
  makeClipThatChangesSize();
  server = createRtspServer({
    cameras: [
      { path: 'gate', file: clip },
      { path: 'wrong-password', file: clip },
      { path: 'changing', file: changing },
    ],
    credentials,
  });
  ({ url } = await server.start());
});
afterEach(async () => {
  await camera?.stop();
  camera = undefined;
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Starts a camera and records what it says. */
function watch(settings: Partial<CameraSettings>, onFrame?: (frame: Frame) => Promise<void>) {
  const frames: Frame[] = [];
  const states: (readonly [CameraState, string | undefined])[] = [];
  camera = createCamera(
    { cameraId: 'east-gate', source: url('gate'), ...credentials, ...settings },
    {
      onFrame: (frame) => {
        frames.push(frame);
        return onFrame?.(frame);
      },
      onState: (state, reason) => states.push([state, reason]),
    },
  );
  camera.start();
  const until = (state: CameraState, timeout = 12_000) =>
    vi.waitFor(() => expect(states.at(-1)?.[0]).toBe(state), { timeout, interval: 20 });
  return { frames, states, until, lastReason: () => states.at(-1)?.[1] };
}

const enough = (frames: readonly Frame[], count: number) =>
  vi.waitFor(() => expect(frames.length).toBeGreaterThanOrEqual(count), {
    timeout: 15_000,
    interval: 20,
  });

describe('a camera', () => {
  test('gives frames of the right size at the analysis rate, and shows no password anywhere', async () => {
    const { frames, states } = watch({ analysisFps: 5 });
    await enough(frames, 12);
    const first = frames[0];
    expect(first).toMatchObject({ width: 768, height: 576, sourceWidth: 768, frameNumber: 1 });
    expect(first?.mediaTimeMs).toBe(0);
    expect(first?.pixels.length).toBe(768 * 576 * 3);
    const steps = frames
      .slice(1)
      .map((frame, i) => frame.mediaTimeMs - (frames[i]?.mediaTimeMs ?? 0));
    // The first pictures of a stream have no timestamps and take those of their arrival, which a busy machine delays.
    const middle = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)];
    expect(middle).toBeGreaterThan(180);
    expect(middle).toBeLessThan(220);
    expect(Math.min(...steps)).toBeGreaterThan(50);
    expect(Math.max(...steps)).toBeLessThan(500);
    expect(states).toEqual([
      ['connecting', undefined],
      ['live', undefined],
    ]);
    const commandLines = runningProcesses().map(({ commandLine }) => commandLine);
    expect(commandLines.some((line) => line.includes('127.0.0.1'))).toBe(true);
    expect(commandLines.filter((line) => /S3cret/.test(line))).toEqual([]);
  });

  test('shows the moving picture and not a torn one', async () => {
    const { frames } = watch({ analysisFps: 10 });
    await enough(frames, 5);
    const lit = frames.map(
      ({ pixels }) => pixels.reduce((sum, value) => sum + value, 0) / pixels.length,
    );
    // The square is a bright scene that changes little; pictures cut at the wrong byte still would be, colours would not.
    const [red, green, blue] = [0, 1, 2].map((channel) => mean(frames[2]?.pixels, channel));
    expect(Math.max(...lit) - Math.min(...lit)).toBeLessThan(5);
    expect(Math.abs((red ?? 0) - (green ?? 0)) + Math.abs((green ?? 0) - (blue ?? 0))).toBeLessThan(
      60,
    );
  });

  test('shrinks wide pictures and keeps their aspect', async () => {
    const { frames } = watch({ largestWidth: 320 });
    await enough(frames, 1);
    expect(frames[0]).toMatchObject({
      width: 320,
      height: 240,
      sourceWidth: 768,
      sourceHeight: 576,
    });
    expect(frames[0]?.pixels.length).toBe(320 * 240 * 3);
  });

  test('shows a frozen stream as stalled, then offline, and is live again when it moves', async () => {
    const { frames, states, until } = watch({ stallSeconds: 1 });
    await until('live');
    server.pause('gate');
    await until('offline');
    expect(states.map(([state]) => state)).toEqual(['connecting', 'live', 'stalled', 'offline']);
    expect(states.at(-1)?.[1]).toMatch(/^camera east-gate: rtsp:.* has sent no picture for 1 s;/);
    const before = frames.length;
    server.resume('gate');
    await until('live');
    await enough(frames, before + 2);
    const times = frames.map(({ mediaTimeMs }) => mediaTimeMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect((times.at(-1) ?? 0) - (times[before - 1] ?? 0)).toBeGreaterThan(3000);
  });

  test('is offline when the source goes and live when it is back', async () => {
    const { until, lastReason } = watch({});
    await until('live');
    server.drop('gate');
    await until('offline');
    expect(lastReason()).toBe(
      `camera east-gate: the address ${url('gate')} closed the connection; it is tried again`,
    );
    server.resume('gate');
    await until('live');
  });

  test('says that the password is wrong and does not hammer', async () => {
    const { until, lastReason } = watch({ source: url('wrong-password'), password: 'no' });
    await until('auth-failed', 10_000);
    await wait(3500);
    expect(lastReason()).toBe(
      `camera east-gate: ${url('wrong-password')} refused the user name or the password; correct them in the edge's configuration`,
    );
    expect(server.attempts('wrong-password')).toBe(1);

    // What was wrong has been mended: a camera that is started anew does not wait.
    await camera?.stop();
    const mended = watch({ source: url('wrong-password') });
    await mended.until('live', 5000);
    expect(server.attempts('wrong-password')).toBeLessThanOrEqual(3);
  });

  test.each([
    [
      'a port where nobody listens',
      'rtsp://127.0.0.1:9/x',
      /refused the connection; check host and port$/,
    ],
    [
      'a scheme that is not allowed',
      'http://127.0.0.1/x',
      /starts with http:\/\/ is not supported;/,
    ],
    ['a clip that is not there', '/no/such/clip.mp4', /there is no such file; check the path$/],
  ])('says in one sentence what is wrong with %s', async (_, source, sentence) => {
    const { until, lastReason } = watch({ source });
    await until('offline');
    expect(lastReason()).toMatch(/^camera east-gate: [^\n]*$/);
    expect(lastReason()).toMatch(sentence);
  });

  test('says that the camera does not know the path', async () => {
    const { until, lastReason } = watch({ source: url('nowhere') });
    await until('offline');
    expect(lastReason()).toMatch(/is not known to the camera; check the path$/);
  });

  test('says that credentials are missing', async () => {
    const told: [CameraState, string | undefined][] = [];
    camera = createCamera(
      { cameraId: 'east-gate', source: url('gate') },
      { onFrame: () => undefined, onState: (state, reason) => told.push([state, reason]) },
    );
    camera.start();
    await vi.waitFor(() => expect(told.at(-1)?.[0]).toBe('auth-failed'), { timeout: 10_000 });
    expect(told.at(-1)?.[1]).toMatch(/wants a user name and a password;/);
  });

  test('lets old frames go for a slow consumer and never falls behind', async () => {
    const { frames } = watch({ source: clip, analysisFps: 10 }, () => wait(700));
    await enough(frames, 5);
    const steps = frames
      .slice(1)
      .map((frame, i) => frame.frameNumber - (frames[i]?.frameNumber ?? 0));
    expect(Math.min(...steps.slice(1))).toBeGreaterThanOrEqual(4);
    expect(Date.now() - (frames.at(-1)?.capturedAtMs ?? 0)).toBeLessThan(1500);
  });

  test('opens the stream anew when its picture changes size', async () => {
    const { frames } = watch({ source: url('changing'), analysisFps: 10 });
    await vi.waitFor(
      () => expect(new Set(frames.map(({ width }) => width))).toEqual(new Set([320, 160])),
      { timeout: 20_000, interval: 50 },
    );
    for (const { pixels, width, height } of frames) expect(pixels.length).toBe(width * height * 3);
  });

  test('leaves no child and says no more after it was stopped', async () => {
    const own = () => childrenOf(process.pid).map(({ pid }) => pid);
    const before = own();
    const { frames, states } = watch({});
    await enough(frames, 2);
    expect(own().length).toBe(before.length + 1);
    await camera?.stop();
    expect(own()).toEqual(before);
    const said = [frames.length, states.length];
    await wait(500);
    expect([frames.length, states.length]).toEqual(said);
  });
});

function mean(pixels: Uint8Array | undefined, channel: number): number {
  const values = pixels?.filter((_, index) => index % 3 === channel) ?? new Uint8Array(1);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Two seconds of 320x240, then two of 160x120, in one elementary stream. */
function makeClipThatChangesSize(): void {
  const parts = ['320x240', '160x120'].map((size) => {
    const file = join(folder, `${size}.264`);
    run(`-f lavfi -i testsrc=size=${size}:rate=10:duration=2 -pix_fmt yuv420p -g 10 -bf 0 ${file}`);
    return file;
  });
  const joined = join(folder, 'joined.264');
  writeFileSync(joined, Buffer.concat(parts.map((file) => readFileSync(file))));
  run(`-framerate 10 -i ${joined} -c copy ${changing}`);
}

function run(options: string): void {
  const args = ['-nostdin', '-v', 'error', '-y', ...options.split(' ')];
  expect(spawnSync('ffmpeg', args, { encoding: 'utf8' }).stderr).not.toMatch(/rror opening/);
}
