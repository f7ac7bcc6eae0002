/** Properties of the camera room: what no address and no password can do, and how tries are spaced out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyPassword, passwordMarks } from '../../testing/passwords.ts';
import { createAliveTimes } from './alive-times.ts';
import { describeEnd, describeSilence, type RelayFailure } from './camera-failure.ts';
import { type ReadSource, readCameraSource } from './camera-source.ts';
import { liveCopyArguments } from './ffmpeg-arguments.ts';
import { retryDelayMs } from './retry-delay.ts';

const relayFailures: readonly (RelayFailure | undefined)[] = [
  undefined,
  { kind: 'unauthorized', hadCredentials: true },
  { kind: 'unreachable', code: 'ECONNREFUSED' },
  { kind: 'refused', status: 404, reason: 'Not Found' },
];

/** All that is said or handed on of a camera, but what the relay keeps to itself. */
function saidOf(read: ReadSource): string {
  if (!read.ok) return read.reason;
  const { source } = read;
  const place = { cameraId: 'gate', place: source.place };
  const sentences = relayFailures.map((failure) => describeEnd(place, failure, []).reason);
  const address = source.kind === 'rtsp' ? source.address : source.path;
  return [...sentences, describeSilence(place, 5).reason, address].join('\n');
}

describe('a password', () => {
  test('that is written into the address as it should be is used, and said nowhere', () => {
    fc.assert(
      fc.property(anyPassword, fc.string({ unit: 'grapheme', minLength: 1 }), (secret, user) => {
        const source = `rtsp://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@10.0.0.5/cam`;
        const read = readCameraSource({ cameraId: 'gate', source });
        expect(read).toMatchObject({
          source: { credentials: { username: user, password: secret } },
        });
        expect(saidOf(read)).not.toMatch(passwordMarks);
      }),
    );
  });

  test('that is written into the address with whatever signs it has is said nowhere', () => {
    fc.assert(
      fc.property(anyPassword, fc.constantFrom('rtsp://', 'rtsps://', ''), (secret, scheme) => {
        for (const start of ['', '12', '554/', '1?', '2#']) {
          const source = `${scheme}admin:${start}${secret}@10.0.0.5/cam`;
          expect(saidOf(readCameraSource({ cameraId: 'gate', source }))).not.toMatch(passwordMarks);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('of its own line is said nowhere', () => {
    fc.assert(
      fc.property(anyPassword, (secret) => {
        const camera = { cameraId: 'gate', username: 'admin', password: secret };
        const read = readCameraSource({ ...camera, source: 'rtsp://10.0.0.5/cam' });
        expect(read).toMatchObject({ source: { credentials: { password: secret } } });
        expect(saidOf(read)).not.toMatch(passwordMarks);
      }),
    );
  });
});

/** Pieces that addresses are made of, and what has opened files and other machines elsewhere. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['rtsp://', 'RTSP://', 'rtsps://', 'http://', 'file:', 'concat:', 'subfile,,start,0,:'],
        ...['pipe:', 'data:', 'tcp://', '127.1', '[::1]', '0x7f.1', '169.254.169.254', 'cam.lan'],
        ...['-i', ' ', '\n', '\0', '\t', '|', '..', '/', '%2e%2e', '?', '#', '@', ':', ':99999'],
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

describe('an address', () => {
  test('of whatever text is refused, or opens a camera over RTSP or a file, and nothing else', () => {
    fc.assert(
      fc.property(hostile, (source) => {
        const read = readCameraSource({ cameraId: 'gate', source });
        if (!read.ok) {
          expect(read.reason).toMatch(/^camera gate: .*; /);
          return;
        }
        if (read.source.kind === 'clip') {
          // ffmpeg is told that it is a file, whatever it looks like.
          const opened = inputOf(liveCopyArguments({ ...read.source, loop: false }));
          expect(opened).toBe(`file:${source}`);
          return;
        }
        const { address, host, port } = read.source;
        expect(address).toMatch(/^rtsp:\/\/[^\s/@\0]+(\/[^\s@\0]*)?([?][^\s@\0]*)?$/);
        expect(host).not.toBe('');
        expect(Number.isInteger(port) && port >= 0 && port < 65_536).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

const inputOf = (args: readonly string[]): string | undefined => args[args.indexOf('-i') + 1];

const cause = fc.constantFrom('offline', 'stalled', 'auth-failed');
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('the tries of a camera that is away', () => {
  test('are never farther apart than their bound, nor closer than a second', () => {
    const times = fc.record({ failures: fc.integer({ min: 1, max: 1e6 }), ms: fc.nat(1e9) });
    fc.assert(
      fc.property(cause, times, share, (why, { failures, ms }, random) => {
        const delay = retryDelayMs(why, failures, ms, random);
        const bounds = why === 'auth-failed' ? [60_000, 360_000] : [1000, 12_000];
        expect(delay).toBeGreaterThanOrEqual(bounds[0] ?? 0);
        expect(delay).toBeLessThanOrEqual(bounds[1] ?? 0);
      }),
    );
  });

  test('come later the longer it is away, and later for refused credentials', () => {
    fc.assert(
      fc.property(
        cause,
        fc.integer({ min: 1, max: 500 }),
        fc.nat(1e6),
        share,
        (why, n, ms, random) => {
          const delay = retryDelayMs(why, n, ms, random);
          expect(retryDelayMs(why, n + 1, ms, random)).toBeGreaterThanOrEqual(delay);
          expect(retryDelayMs(why, n, ms + 1000, random)).toBeGreaterThanOrEqual(delay);
          expect(retryDelayMs('auth-failed', n, ms, random)).toBeGreaterThanOrEqual(delay);
        },
      ),
    );
  });

  test('of many cameras that went together are spread over a fifth of the time', () => {
    fc.assert(
      fc.property(cause, fc.integer({ min: 1, max: 50 }), fc.nat(1e6), (why, failures, ms) => {
        const delays = [0, 0.25, 0.5, 0.75, 1].map((at) => retryDelayMs(why, failures, ms, at));
        const [first = 0] = delays;
        const shares = delays.map((delay) => (delay - first) / first);
        [0, 0.05, 0.1, 0.15, 0.2].forEach((due, at) => {
          expect(shares[at]).toBeCloseTo(due, 9);
        });
      }),
    );
  });

  test('count on until one stream has been live for a minute, however often pictures come in between', () => {
    const attempts = fc.array(fc.record({ seconds: fc.nat(120), hasPictures: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(attempts, (all) => {
        const recovered = all.map(({ seconds, hasPictures }) => hasPictures && seconds >= 60);
        const due = recovered.map((_, at) => {
          const last = recovered.lastIndexOf(true, at);
          return last === -1 ? at + 1 : at - last + 1;
        });
        expect(failuresOf(all)).toEqual(due);
      }),
    );
  });
});

/** What is counted after each attempt; a picture a second in those that have any. */
function failuresOf(
  attempts: readonly Readonly<{ seconds: number; hasPictures: boolean }>[],
): readonly number[] {
  let nowMs = 1000;
  let failures = 0;
  const alive = createAliveTimes(nowMs);
  return attempts.map(({ seconds, hasPictures }) => {
    alive.begin();
    for (let at = 0; hasPictures && at <= seconds; at += 1) alive.mark(nowMs + 1000 * at);
    nowMs += 1000 * seconds + 5000;
    failures = alive.failuresAfter(failures);
    return failures;
  });
}
