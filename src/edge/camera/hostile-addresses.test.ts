/**
 * Addresses and passwords that want something else: no scheme but RTSP's, no file that a protocol of ffmpeg hides behind a
 * colon, and no word of a configuration that a shell or ffmpeg would take for an order.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCameraSource } from './camera-source.ts';
import {
  clipDecodeArguments,
  type FfmpegInput,
  liveCopyArguments,
  liveDecodeArguments,
  recordingArguments,
} from './ffmpeg-arguments.ts';
import { startFfmpeg } from './ffmpeg-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostile-addresses-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schemes = [
  ...['http', 'https', 'ftp', 'ftps', 'sftp', 'tcp', 'udp', 'udplite', 'tls', 'srt', 'rtp', 'srtp'],
  ...[
    'rtmp',
    'rtmps',
    'rtmpt',
    'mms',
    'mmsh',
    'icecast',
    'gopher',
    'gophers',
    'smb',
    'unix',
    'ipfs',
  ],
  ...[
    'file',
    'concat',
    'concatf',
    'subfile',
    'data',
    'pipe',
    'fd',
    'cache',
    'async',
    'crypto',
    'tee',
  ],
  ...[
    'hls',
    'md5',
    'lavfi',
    'exec',
    'echo',
    'expr',
    'bluray',
    'amqp',
    'zmq',
    'prompeg',
    'rist',
    'rtspx',
  ],
];
const refused = [
  ...schemes.map((scheme) => `${scheme}://127.0.0.1/x`),
  ...['rtsp:///x', 'rtsp://', 'rtsp://:554/x', 'rtsp://a:99999/x', 'rtsp://a b/x', 'rtsp://[::1/x'],
  ...['rtsp://h\0/x', 'rtsp://h\n-i http://evil/x', 'RTSPS://', 'rtsp://%00/x', 'rtsp://a:-1/x'],
];

describe('S5 an address of a camera', () => {
  test('with another scheme, or one that cannot be read, is refused in one sentence', () => {
    expect(new Set(refused).size).toBeGreaterThanOrEqual(50);
    const taken = refused.filter((source) => readCameraSource({ cameraId: 'gate', source }).ok);
    expect(taken).toEqual([]);
    for (const source of refused) {
      const read = readCameraSource({ cameraId: 'gate', source });
      expect(read).toMatchObject({ reason: expect.stringMatching(/^camera gate: [^\n\0]*$/) });
    }
  });

  test.each([
    'file:/etc/passwd',
    'concat:/etc/passwd|/etc/hosts',
    'subfile,,start,0,end,9,,:/etc/passwd',
    'data:text/plain,x',
    'pipe:0',
    '-i',
    '-f lavfi -i testsrc',
    '|touch /tmp/x',
    '@/etc/passwd',
    'clip.mp4\n-y /etc/passwd',
    'tcp:127.0.0.1:1',
  ])('without a scheme is the name of a file and of nothing else: %s', (source) => {
    const read = readCameraSource({ cameraId: 'gate', source });
    if (!read.ok || read.source.kind !== 'clip') throw new Error('it is a clip');
    const { path } = read.source;
    const input = { kind: 'clip', path, loop: false } as const;
    for (const args of argumentsOf(input)) {
      expect(args[args.indexOf('-i') + 1]).toBe(`file:${source}`);
      expect(args.filter((argument) => argument === `file:${source}`)).toHaveLength(1);
      expect(args.filter((argument) => argument === source)).toEqual(source === '-i' ? ['-i'] : []);
    }
  });

  test.each([
    'rtsp://10.0.0.5/x',
    'rtsps://camera.lan:322/x',
    'rtsp://[fd00::5]:8554/x?a=b',
    'RTSP://H/x',
  ])('of a camera in the lane is taken: %s', (source) => {
    expect(readCameraSource({ cameraId: 'gate', source })).toMatchObject({ ok: true });
  });
});

const argumentsOf = (input: FfmpegInput): readonly (readonly string[])[] => [
  liveDecodeArguments(input, { largestWidth: 1280, analysisFps: 5, cameraId: 'gate' }),
  liveCopyArguments(input),
  recordingArguments(input),
];

const injections = [
  `$(touch ${folder}/dollar)`,
  `\`touch ${folder}/tick\``,
  `';touch ${folder}/quote;'`,
  `";touch ${folder}/double;"`,
  `| touch ${folder}/pipe`,
  `\ntouch ${folder}/line\n`,
  `&& touch ${folder}/and`,
  `> ${folder}/redirect`,
];

describe('S6 a command line', () => {
  test('is the same for every camera, word by word, but for the relay’s address and the camera’s id', () => {
    const picture = { largestWidth: 1280, analysisFps: 5 };
    const of = (url: string, cameraId: string) => [
      liveDecodeArguments({ kind: 'rtsp', url }, { ...picture, cameraId }),
      liveCopyArguments({ kind: 'rtsp', url }),
      recordingArguments({ kind: 'rtsp', url }),
    ];
    const [one, other] = [of('rtsp://127.0.0.1:1/a', 'gate'), of('rtsp://127.0.0.1:2/b', 'lane')];
    for (const [at, args] of one.entries()) {
      const varying = args.filter((argument, place) => other[at]?.[place] !== argument);
      expect(args.length).toBe(other[at]?.length);
      expect(varying).toEqual(['rtsp://127.0.0.1:1/a', ...(at === 0 ? ['title=gate'] : [])]);
      expect(args[args.indexOf('rtsp://127.0.0.1:1/a') - 1]).toBe('-i');
    }
  });

  test('holds no password and no user, whatever they are made of', () => {
    for (const password of injections) {
      const source = 'rtsp://10.0.0.5/cam';
      const read = readCameraSource({ cameraId: 'gate', source, username: password, password });
      if (!read.ok || read.source.kind !== 'rtsp') throw new Error('it is an address');
      expect(read.source.credentials).toEqual({ username: password, password });
      expect(JSON.stringify({ ...read.source, credentials: undefined })).not.toContain('touch');
    }
  });

  test('runs nothing of what stands in the name of a clip', async () => {
    const ends = injections.map((path) => {
      const args = clipDecodeArguments({ path }, 320);
      return startFfmpeg({ args }).closed;
    });
    for (const { code, lines } of await Promise.all(ends))
      expect([code, lines.join(' ')]).toEqual([
        expect.any(Number),
        expect.stringMatching(/No such file/),
      ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is never handed to a shell: no source does so', () => {
    const found = ['src', 'scripts'].flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|(^|\/)testing\//.test(name))
        .map((name) => join(root, name))
        .filter((name) => existsSync(name) && asksShell.test(readFileSync(name, 'utf8'))),
    );
    // The bench mounts a disk of its own by a constant script, its arguments apart from it.
    expect(found).toEqual(['src/bench/edge-under-test.ts']);
    expect(asksShell.test("import { exec } from 'node:child_process';")).toBe(true);
    expect(asksShell.test('spawn(program, { shell: true })')).toBe(true);
  });
});

const asksShell =
  /import \{[^}]*\b(exec|execSync)\b[^}]*\} from 'node:child_process'|\bshell: *(true|'|")|child_process'\)\.exec\b|['"](ba|da|)sh['"], *\[? *['"]-c['"]/;
