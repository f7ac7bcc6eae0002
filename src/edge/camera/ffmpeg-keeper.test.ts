/** Children that the main thread keeps for worker threads, with real ffmpeg and workers that end in every way. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { childrenOf, openDescriptors } from '../../testing/processes.ts';
import { createFfmpegClient } from './ffmpeg-client.ts';
import { createFfmpegKeeper, type FfmpegKeeper, type FfmpegLease } from './ffmpeg-keeper.ts';
import { startFfmpegThrough } from './ffmpeg-process.ts';

const never = new AbortController().signal;
const moduleOf = (name: string): string =>
  JSON.stringify(new URL(`./${name}.ts`, import.meta.url).href);
const endless = [
  '-nostdin',
  '-v',
  'error',
  '-re',
  '-f',
  'lavfi',
  '-i',
  'testsrc=size=64x48:rate=25',
];
const toPipe = [...endless, '-f', 'rawvideo', 'pipe:1'];
/** Never writes, so that only a signal ends it. */
const toNothing = [...endless, '-f', 'null', '-'];

let keeper: FfmpegKeeper;
beforeEach(() => {
  keeper = createFfmpegKeeper(1000);
});
afterEach(async () => {
  await keeper.close();
});

/** Zombies included. */
const children = () => childrenOf(process.pid);

async function workerWithChild(lease: FfmpegLease, after: string): Promise<Worker> {
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { createFfmpegClient } = await import(${moduleOf('ffmpeg-client')});
    const { startFfmpegThrough } = await import(${moduleOf('ffmpeg-process')});
    const args = ${JSON.stringify(toNothing)};
    await startFfmpegThrough(createFfmpegClient(workerData), { args }, new AbortController().signal);
    parentPort.on('message', () => { ${after} });
    parentPort.postMessage('started');
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: lease.access,
    transferList: [lease.access.port],
  });
  worker.on('error', () => undefined);
  await once(worker, 'message');
  return worker;
}

describe('a child that is kept for a worker', () => {
  test.each([
    ['throws', 'throw new Error("a bug")'],
    ['exits', 'process.exit(1)'],
    ['is terminated while it hangs', 'for (;;);'],
  ])('is gone without a trace when the worker %s', async (how, after) => {
    const before = children().length;
    const lease = keeper.lease();
    const worker = await workerWithChild(lease, after);
    expect(children().length).toBe(before + 1);
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('go');
    if (how.includes('terminated')) await worker.terminate();
    await gone;
    await lease.end();
    expect(children().length).toBe(before);
  });

  test('gives its output, its errors and its end as a child of the own thread does', async () => {
    const startChild = createFfmpegClient(keeper.lease().access);
    const [lines, args]: [string[], string[]] = [[], ['-nostdin', '-hide_banner', '-i', 'none']];
    const onLine = (line: string): boolean => lines.push(line) > 100;
    const failing = await startFfmpegThrough(startChild, { args, onLine }, never);
    expect(await failing?.closed).toMatchObject({ code: 1 });
    expect(lines.join()).toMatch(/none: No such file or directory/);

    const child = await startFfmpegThrough(startChild, { args: toPipe }, never);
    let bytes = 0;
    child?.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await vi.waitFor(() => expect(bytes).toBeGreaterThan(5 * 64 * 48 * 3), { timeout: 8000 });
    await child?.stop();
    expect(children()).toEqual([]);
  });

  test('is killed when it does not heed SIGTERM', async () => {
    const startChild = createFfmpegClient(keeper.lease().access);
    const child = await startFfmpegThrough(startChild, { args: toNothing }, never);
    await vi.waitFor(() => expect(children()[0]?.commandLine).toMatch(/^ffmpeg/));
    process.kill(children()[0]?.pid ?? 0, 'SIGSTOP');
    const began = performance.now();
    await child?.stop();
    expect(performance.now() - began).toBeLessThan(4000);
    expect(children()).toEqual([]);
  });

  test('is told when its program is not there', async () => {
    const startChild = createFfmpegClient(keeper.lease().access);
    const child = await startChild(['no-such-program-anywhere'], never);
    expect(await child?.closed).toMatchObject({
      code: null,
      fault: expect.stringMatching(/ENOENT/),
    });
  });

  test('is not started when it is not wanted any more', async () => {
    const slow = createFfmpegKeeper(0.5);
    const startChild = createFfmpegClient(slow.lease().access);
    const first = await startFfmpegThrough(startChild, { args: toNothing }, never);
    const stop = new AbortController();
    const second = startFfmpegThrough(startChild, { args: toNothing }, stop.signal);
    setTimeout(() => stop.abort(), 100);
    expect(await second).toBeUndefined();
    expect(children().length).toBe(1);
    await first?.stop();
    await slow.close();
  });

  test('leaves no descriptor and no socket file after it ended', async () => {
    const lease = keeper.lease();
    const startChild = createFfmpegClient(lease.access);
    const round = async (): Promise<void> => {
      const child = await startFfmpegThrough(startChild, { args: toPipe }, never);
      await child?.stop();
    };
    await round();
    const before = openDescriptors();
    for (let count = 0; count < 5; count += 1) await round();
    await vi.waitFor(() => expect(openDescriptors()).toBeLessThanOrEqual(before));
    expect(readdirSync(lease.access.folder)).toEqual([]);
  });
});
