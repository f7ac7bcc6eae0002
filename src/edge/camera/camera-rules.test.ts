/** The small rules of the camera room: addresses, sentences, delays, silence, shown states, sizes, lines. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { CameraState } from '../../contract/edge-report.ts';
import { describeEnd, type RelayFailure } from './camera-failure.ts';
import { readCameraSource } from './camera-source.ts';
import { createLatestSlot } from './latest-slot.ts';
import { createPictureLines } from './picture-lines.ts';
import { createPictureReader } from './picture-reader.ts';
import { pictureSize } from './picture-size.ts';
import { retryDelayMs } from './retry-delay.ts';
import { createShownState } from './shown-state.ts';
import { createSilence } from './silence.ts';

describe('the source of a camera', () => {
  test('is taken apart so that the address carries no credentials', () => {
    const read = readCameraSource({
      cameraId: 'gate',
      source: 'rtsp://admin:p%40ss:w@10.0.0.5:8554/ch1/main?token=abc',
    });
    expect(read).toEqual({
      ok: true,
      source: {
        kind: 'rtsp',
        host: '10.0.0.5',
        port: 8554,
        tls: false,
        address: 'rtsp://10.0.0.5:8554/ch1/main?token=abc',
        place: 'rtsp://10.0.0.5:8554/ch1/main',
        credentials: { username: 'admin', password: 'p@ss:w' },
      },
    });
  });

  test.each([
    [
      'rtsp://10.0.0.5/user=a&password=Secret&channel=1',
      'rtsp://10.0.0.5/user=a&password=***&channel=1',
    ],
    ['rtsps://camera.lan/x', 'rtsps://camera.lan/x'],
    ['rtsp://[fd00::5]:554/x', 'rtsp://[fd00::5]:554/x'],
  ])('is shown without secrets: %s', (source, place) => {
    expect(readCameraSource({ cameraId: 'gate', source })).toMatchObject({ source: { place } });
  });

  test('never shows a password, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), (secret) => {
        const password = `Zq9${secret}`;
        const inside = `rtsp://admin:${encodeURIComponent(password)}@10.0.0.5/cam`;
        const read = readCameraSource({ cameraId: 'gate', source: inside });
        if (!read.ok || read.source.kind !== 'rtsp') throw new Error('it is an address');
        expect(read.source.credentials?.password).toBe(password);
        expect(`${read.source.place} ${read.source.address}`).not.toContain('Zq9');
      }),
    );
  });

  test.each(['http://10.0.0.5/x', 'file:///etc/passwd', 'rtsp:///x', 'concat://a|b'])(
    'is refused in one sentence: %s',
    (source) => {
      const read = readCameraSource({ cameraId: 'gate', source });
      expect(read).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/^camera gate: .*; /),
      });
    },
  );
});

describe('the reason of a failure', () => {
  const gate = { cameraId: 'east-gate', place: 'rtsp://10.0.0.5/cam1' };
  const relays: (readonly [RelayFailure, CameraState, string])[] = [
    [
      { kind: 'unreachable', code: 'ECONNREFUSED' },
      'offline',
      'refused the connection; check host and port',
    ],
    [{ kind: 'unreachable', code: 'ETIMEDOUT' }, 'offline', 'does not answer'],
    [{ kind: 'unreachable', code: 'ENOTFOUND' }, 'offline', 'cannot be resolved'],
    [{ kind: 'unreachable', code: 'EHOSTUNREACH' }, 'offline', 'cannot be reached from this box'],
    [
      { kind: 'unauthorized', hadCredentials: true },
      'auth-failed',
      'refused the user name or the password',
    ],
    [
      { kind: 'unauthorized', hadCredentials: false },
      'auth-failed',
      'wants a user name and a password',
    ],
    [{ kind: 'refused', status: 404, reason: 'Not Found' }, 'offline', 'check the path'],
    [{ kind: 'refused', status: 453, reason: 'Not Enough Bandwidth' }, 'offline', 'is busy'],
    [{ kind: 'untrusted', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'offline', 'not trusted'],
    [{ kind: 'forbidden' }, 'offline', 'give the IP address of the camera'],
    [{ kind: 'not-rtsp' }, 'offline', 'does not speak RTSP; check the port'],
    [{ kind: 'ended' }, 'offline', 'closed the connection'],
  ];
  test.each(relays)('%j is %s', (failure, state, words) => {
    const { state: shown, reason } = describeEnd(gate, failure, []);
    expect(shown).toBe(state);
    expect(reason).toContain(words);
    expect(reason).toMatch(/^camera east-gate: [^\n]*rtsp:\/\/10\.0\.0\.5\/cam1[^\n]*$/);
  });

  test.each([
    ['setpriv: failed to execute ffmpeg: No such file or directory', 'install ffmpeg'],
    ['file:/x.mp4: No such file or directory', 'check the path'],
    ['[h264 @ 0x5] Picture size 16384x16384 is invalid', 'larger than 8192x4320; choose'],
    ['Could not find codec parameters for stream 0', 'set its encoder to H.264 or H.265'],
    ["Stream map '0:v:0' matches no streams.", 'it carries no video'],
  ])('is read from what ffmpeg said: %s', (line, words) => {
    expect(describeEnd(gate, undefined, ['other', line]).reason).toContain(words);
  });
});

describe('the delay before a camera is tried again', () => {
  test('keeps a camera that returns within five seconds of its pictures for the first minutes', () => {
    for (let failures = 1; failures < 100; failures += 1) {
      expect(retryDelayMs('offline', failures, 60_000, 1)).toBeLessThanOrEqual(4000);
    }
    expect(retryDelayMs('offline', 1, 0, 0)).toBe(1000);
  });

  test('grows to ten seconds for a camera that stays away', () => {
    expect(retryDelayMs('offline', 200, 3_600_000, 0)).toBe(10_000);
  });

  test('allows at most three tries in ten minutes after refused credentials', () => {
    const tries = [0];
    for (let failures = 1; failures < 5; failures += 1) {
      tries.push((tries.at(-1) ?? 0) + retryDelayMs('auth-failed', failures, 0, 0));
    }
    expect(tries.filter((at) => at < 600_000).length).toBeLessThanOrEqual(3);
  });
});

describe('silence', () => {
  test('is told after the limit, which is longer before the first picture', () => {
    const silence = createSilence({ first: 10, between: 5 });
    const judgeUntil = (from: number, to: number) =>
      Array.from({ length: (to - from) / 500 }, (_, i) => silence.judge(from + (i + 1) * 500)).at(
        -1,
      );
    silence.opened(0);
    expect(judgeUntil(0, 10_000)).toBeUndefined();
    expect(silence.judge(10_500)).toBe(10);
    silence.picture(10_600);
    expect(judgeUntil(10_500, 15_500)).toBeUndefined();
    expect(silence.judge(16_000)).toBe(5);
    silence.closed();
    expect(silence.judge(16_500)).toBeUndefined();
  });

  test('does not count the time by which the judge itself came late', () => {
    const silence = createSilence({ first: 10, between: 5 });
    silence.picture(0);
    silence.judge(500);
    expect(silence.judge(30_500)).toBeUndefined();
    const later = Array.from({ length: 12 }, (_, i) => silence.judge(31_000 + i * 500));
    expect(later.indexOf(5)).toBe(8);
  });

  test('does not count it either when the very first judgement is late', () => {
    const silence = createSilence({ first: 10, between: 5 });
    silence.opened(0);
    silence.picture(300);
    expect(silence.judge(6000)).toBeUndefined();
    expect(silence.judge(6500)).toBeUndefined();
  });
});

describe('the shown state', () => {
  test('is told on change only, and a stall that goes on becomes offline', () => {
    vi.useFakeTimers();
    const told: string[] = [];
    const shown = createShownState((state) => told.push(state), 3000);
    shown.show({ state: 'connecting' });
    shown.show({ state: 'live' });
    shown.show({ state: 'live' });
    shown.show({ state: 'stalled', reason: 'silent' });
    vi.advanceTimersByTime(2999);
    expect(told).toEqual(['connecting', 'live', 'stalled']);
    vi.advanceTimersByTime(1);
    shown.show({ state: 'stalled', reason: 'silent again' });
    expect(told).toEqual(['connecting', 'live', 'stalled', 'offline']);
    shown.show({ state: 'live' });
    shown.show({ state: 'stalled', reason: 'silent' });
    shown.show({ state: 'live' });
    vi.advanceTimersByTime(10_000);
    expect(told.slice(4)).toEqual(['live', 'stalled', 'live']);
    vi.useRealTimers();
  });

  test('does not leave a camera connecting for ever that takes the connection and sends nothing', () => {
    vi.useFakeTimers();
    const told: string[] = [];
    const shown = createShownState((state) => told.push(state), 3000);
    shown.show({ state: 'connecting' });
    shown.show({ state: 'stalled', reason: 'silent' });
    vi.advanceTimersByTime(3000);
    expect(told).toEqual(['connecting', 'stalled', 'offline']);
    vi.useRealTimers();
  });
});

describe('the latest slot', () => {
  test('hands on one at a time, and of those that came meanwhile the newest', async () => {
    const [taken, releases]: [number[], (() => void)[]] = [[], []];
    const slot = createLatestSlot<number>((thing) => {
      taken.push(thing);
      return new Promise((resolve) => releases.push(resolve));
    });
    for (const thing of [1, 2, 3]) slot.put(thing);
    expect(taken).toEqual([1]);
    releases.shift()?.();
    await vi.waitFor(() => expect(taken).toEqual([1, 3]));
  });
});

describe('pictures', () => {
  const line = (width: number, streamTimeMs: number) => ({
    stage: 'decoded' as const,
    streamTimeMs,
    sourceWidth: width,
    sourceHeight: 2,
    damaged: false,
  });

  test('are cut right wherever the bytes are cut and whichever pipe is read first', () => {
    const bytes = Buffer.from(Array.from({ length: 4 * 2 * 3 * 5 }, (_, i) => Math.floor(i / 24)));
    const steps = fc.array(fc.oneof(fc.constant('line' as const), fc.integer({ min: 1, max: 60 })));
    fc.assert(
      fc.property(steps, (order) => {
        const pictures: number[][] = [];
        const reader = createPictureReader<number>({
          largestWidth: 100,
          choose: ({ streamTimeMs }) => (streamTimeMs === 2 ? undefined : streamTimeMs),
          onPicture: ({ facts, pixels }) => pictures.push([facts, ...new Set(pixels)]),
          onResized: () => undefined,
        });
        let [lines, at] = [0, 0];
        for (const step of [...order, ...Array(5).fill('line'), bytes.length]) {
          if (step === 'line') {
            if (lines < 5) reader.pushLine(line(4, lines));
            lines += 1;
          } else {
            reader.pushBytes(bytes.subarray(at, at + Number(step)));
            at += Number(step);
          }
        }
        expect(pictures).toEqual([0, 1, 3, 4].map((n) => [n, n]));
      }),
    );
  });

  test('are read no more once the source has changed its size', () => {
    const resized = vi.fn();
    const onPicture = vi.fn();
    const reader = createPictureReader<number>({
      largestWidth: 100,
      choose: () => 1,
      onPicture,
      onResized: resized,
    });
    reader.pushLine(line(4, 0));
    reader.pushLine(line(6, 1));
    reader.pushBytes(Buffer.alloc(200));
    expect(resized).toHaveBeenCalledTimes(1);
    expect(onPicture).not.toHaveBeenCalled();
  });

  test.each([
    [{ width: 768, height: 576 }, 1280, { width: 768, height: 576 }],
    [{ width: 1920, height: 1080 }, 1280, { width: 1280, height: 720 }],
    [{ width: 2560, height: 1920 }, 1280, { width: 1280, height: 960 }],
    [{ width: 1000, height: 3 }, 100, { width: 100, height: 2 }],
  ])('of %j are handed on at most %i wide as %j', (source, largest, size) => {
    expect(pictureSize(source, largest)).toEqual(size);
  });

  test('get their time from ticks and time base, exactly, also after days', () => {
    const lines = createPictureLines();
    const head = '[Parsed_showinfo_0 @ 0x55]';
    expect(lines.read(`${head} config in time_base: 1/90000, frame_rate: 10/1`)).toBe('noted');
    const text = `${head} n:   7 pts: 15552000009 pts_time:172800 pos: -1 fmt:yuv420p sar:0/1 s:1920x1080 i:P iskey:0 type:P `;
    expect(lines.read(text)).toEqual({
      stage: 'decoded',
      streamTimeMs: 172_800_000.1,
      sourceWidth: 1920,
      sourceHeight: 1080,
      damaged: false,
    });
    expect(lines.read(text.replace('15552000009', 'NOPTS'))).toMatchObject({
      streamTimeMs: undefined,
    });
    expect(lines.read(`${head} color_range:unknown`)).toBe('noted');
    expect(lines.read('    title : [Parsed_showinfo_0 @ 0x1] n: 1 pts: 1 s:1x1 ')).toBeUndefined();
    expect(lines.read('    title : haoguanjia.decoded=1')).toBeUndefined();
  });
});
