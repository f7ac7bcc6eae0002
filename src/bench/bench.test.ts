/** How the bench counts: on readings that are made up, and on a real process. The figures themselves are for the command. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readBenchOptions } from './bench-options.ts';
import { type Reading, runFigures } from './figures.ts';
import { processTimes } from './processor-time.ts';
import { streamFacts } from './stream-facts.ts';

describe('the command line', () => {
  test('takes cameras, seconds, and several ways of looking', () => {
    const args = '--cameras 4 --busy 1 --seconds 20 --looks adaptive,every --precision int8,fp32';
    expect(readBenchOptions(args.split(' '))).toMatchObject({
      ...{ cameras: 4, busy: 1, seconds: 20, motion: true },
      runs: [
        { precision: 'int8', looks: 'adaptive' },
        { precision: 'int8', looks: 'every' },
        { precision: 'fp32', looks: 'adaptive' },
        { precision: 'fp32', looks: 'every' },
      ],
    });
  });

  test('takes the size of the pictures and whether somebody watches', () => {
    expect(readBenchOptions(['--size', '1920x1080', '--live', 'masked'])).toMatchObject({
      ...{ size: { width: 1920, height: 1080 }, live: 'masked' },
    });
    expect(readBenchOptions([])).toMatchObject({ size: { width: 768, height: 576 }, live: 'none' });
    expect(readBenchOptions([]).kbps).toBeUndefined();
    expect(readBenchOptions(['--kbps', '1000']).kbps).toBe(1000);
  });

  test.each([
    ['--cameras 0', /--cameras must be a whole number of at least 1/],
    ['--cameras 2 --busy 3', /of which some are busy/],
    ['--looks sometimes', /--looks is one of adaptive, moving, every/],
    ['--colour red', /--colour/],
    ['--size huge', /--size is two even numbers such as 1920x1080/],
    ['--size 1920x1081', /--size is two even numbers such as 1920x1080/],
    ['--kbps 0', /--kbps must be a whole number of at least 50/],
    ['--live perhaps', /--live is one of none, copied, masked/],
  ])('refuses %s in one sentence', (args, sentence) => {
    expect(() => readBenchOptions(args.split(' '))).toThrow(sentence);
  });
});

test('a stream is told by its bit rate and by how much of it changes from picture to picture', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haoguanjia-stream-'));
  const clipOf = async (name: string, picture: string): Promise<string> => {
    const file = join(folder, `${name}.mp4`);
    const source = ['-f', 'lavfi', '-i', `${picture}:size=160x120:rate=10`, '-t', '3'];
    const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
    const noisy = name === 'noisy' ? ['-vf', 'noise=alls=40:allf=t', '-crf', '10'] : [];
    await promisify(execFile)('ffmpeg', ['-v', 'error', ...source, ...noisy, ...coded, file]);
    return file;
  };
  try {
    const still = await streamFacts(await clipOf('still', 'color=c=gray'));
    const noisy = await streamFacts(await clipOf('noisy', 'color=c=gray'));
    expect(still.changedPercent).toBe(0);
    expect(noisy.changedPercent).toBeGreaterThan(50);
    expect(noisy.kbps).toBeGreaterThan(10 * still.kbps);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** After `seconds`, each of two cameras having used what the figures below expect of it. */
function reading(seconds: number, watched = false): Reading {
  const thread = (tid: number, name: string, share: number) => ({
    ...{ tid, name },
    seconds: 3 + share * seconds,
  });
  const ffmpeg = (pid: number, cameraId: string, share: number) => ({
    ...{ pid, seconds: 1 + share * seconds, residentMb: 60, proportionalMb: 40, threads: [] },
    commandLine: ['ffmpeg', '-metadata', `title=${cameraId}`, 'pipe:1'],
  });
  const figure = (name: string, cameraId: string, each: number) =>
    [`haoguanjia_camera_${name}_total{camera="${cameraId}"}`, 7 + each * seconds] as const;
  return {
    atMs: seconds * 1000,
    processes: [
      {
        ...{
          pid: 1,
          commandLine: ['node'],
          residentMb: 320,
          proportionalMb: 300,
          seconds: 15 + 0.26 * seconds,
        },
        threads: [
          thread(1, 'MainThread', 0.02),
          thread(2, 'busy-01', 0.03),
          thread(3, 'quiet-02', 0.01),
          thread(4, 'inference', 0.12),
          thread(5, 'V8Worker', 0.04),
          thread(6, 'libuv-worker', 0.04),
        ],
      },
      ffmpeg(7, 'busy-01', 0.02),
      ffmpeg(8, 'quiet-02', 0.01),
      ...(watched ? [{ ...ffmpeg(9, '', 0.08), commandLine: ['ffmpeg', 'pipe:1'] }] : []),
    ],
    figures: new Map([
      figure('analysed_frames', 'busy-01', 5),
      figure('analysed_frames', 'quiet-02', 4.9),
      figure('looks', 'busy-01', 3),
      figure('looks', 'quiet-02', 1),
      figure('inference_seconds', 'busy-01', 0.09),
      figure('inference_seconds', 'quiet-02', 0.03),
      figure('dropped_frames', 'quiet-02', 0.1),
    ]),
  };
}

test('each camera is charged with its own, and with its share of what they have in common', () => {
  const figures = runFigures({
    kinds: new Map([
      ['busy-01', 'busy'],
      ['quiet-02', 'quiet'],
    ]),
    ...{ before: reading(0), after: reading(10) },
    ages: new Map([
      ['busy-01', [100, 300]],
      ['quiet-02', [200, 400]],
    ]),
    delaysMs: [50, 150],
  });
  // 2 ffmpeg, 3 worker, 9 of 12 inference, 3 of 4 scaling, 3 of 4 V8, half of what is left (26 - 4 - 12 - 4 - 4).
  expect(figures.busy?.cpuPercent).toBeCloseTo(2 + 3 + 9 + 3 + 3 + 1, 5);
  expect(figures.quiet?.cpuPercent).toBeCloseTo(1 + 1 + 3 + 1 + 1 + 1, 5);
  expect(figures.boxCpuPercent).toBeCloseTo(29, 5);
  expect(figures).toMatchObject({
    ...{ analysedFpsMin: 4.9, frameAgeP95Ms: 400, captureToPublishP95Ms: 150, inferenceMs: 30 },
    ...{ rssMb: 380, edgeRssMb: 320, droppedFrames: 1 },
    busy: { lookShare: 0.6, looksPerSecond: 3 },
  });
});

test('somebody who watches live is charged to no camera', () => {
  const kinds = new Map([['quiet-02', 'quiet' as const]]);
  const ends = { kinds, ages: new Map(), delaysMs: [] };
  const figuresOf = (watched: boolean) =>
    runFigures({ ...ends, before: reading(0, watched), after: reading(10, watched) });
  expect(figuresOf(true).liveFfmpegPercent).toBeCloseTo(8, 5);
  expect(figuresOf(false).liveFfmpegPercent).toBe(0);
  expect(figuresOf(true).quiet?.cpuPercent).toBe(figuresOf(false).quiet?.cpuPercent);
});

test('processor time is that of a process and of its children', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); for (;;);']);
  await once(child.stdout, 'data');
  const before = processTimes(process.pid).find(({ pid }) => pid === child.pid);
  await expect
    .poll(
      () => {
        const now = processTimes(process.pid).find(({ pid }) => pid === child.pid);
        return (now?.seconds ?? 0) - (before?.seconds ?? 0);
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0.1);
  expect(before?.residentMb).toBeGreaterThan(10);
  expect(before?.threads.length).toBeGreaterThan(1);
  child.kill('SIGKILL');
  await once(child, 'exit');
});
