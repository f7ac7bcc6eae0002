/** Real ffmpeg children and their ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { childrenOf, runningProcesses } from '../../testing/processes.ts';
import { startFfmpeg } from './ffmpeg-process.ts';

const module = new URL('./ffmpeg-process.ts', import.meta.url).href;
/** Never ends by itself; `rate` tells one test's child from another's. */
const endless = (rate: number): readonly string[] => [
  ...['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', `testsrc=size=64x48:rate=${rate}`],
  ...['-f', 'rawvideo', 'pipe:1'],
];
const running = (rate: number) =>
  runningProcesses().filter(
    ({ commandLine }) =>
      commandLine.startsWith('ffmpeg ') && commandLine.includes(`size=64x48:rate=${rate}`),
  );
const appears = (rate: number) =>
  vi.waitFor(() => expect(running(rate).length).toBeGreaterThan(0), { timeout: 10_000 });
/** None may outlive who started it by more. */
const vanishes = (rate: number) =>
  vi.waitFor(() => expect(running(rate)).toEqual([]), { timeout: 3000 });
/** How long it takes to stop. Seconds. */
async function stopSeconds(child: Readonly<{ stop: () => Promise<void> }>): Promise<number> {
  const fromMs = performance.now();
  await child.stop();
  return (performance.now() - fromMs) / 1000;
}

/** The child is paused by nobody and read by nobody: only the end of its starter can end it. */
const starter = (rate: number): string => `
  const { startFfmpeg } = await import(${JSON.stringify(module)});
  startFfmpeg({ args: ${JSON.stringify(['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', `testsrc=size=64x48:rate=${rate}`, '-f', 'null', '-'])} });
  setInterval(() => undefined, 1000);
`;

describe('an ffmpeg child', () => {
  test('is gone after stop, though nobody reads what it writes', async () => {
    const child = startFfmpeg({ args: endless(31) });
    child.stdout.pause();
    await appears(31);
    expect(await stopSeconds(child)).toBeLessThan(4);
    expect(running(31)).toEqual([]);
    expect(childrenOf(process.pid)).toEqual([]);
  });

  test('is killed after three seconds when it does not heed SIGTERM', async () => {
    const child = startFfmpeg({ args: endless(32) });
    await appears(32);
    const pid = running(32)[0]?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    // Of two signals that wait the kernel may deliver the later one first.
    await vi.waitFor(() =>
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\tT/m),
    );
    const seconds = await stopSeconds(child);
    expect(seconds).toBeGreaterThan(2.9);
    expect(seconds).toBeLessThan(4);
    expect(running(32)).toEqual([]);
  });

  test('tells its last lines and its code', async () => {
    const child = startFfmpeg({ args: ['-nostdin', '-v', 'error', '-i', 'file:/no/such/clip'] });
    const { code, lines } = await child.closed;
    expect(code).toBe(1);
    expect(lines.join()).toMatch(/No such file or directory/);
  });

  test('says so when ffmpeg is not installed', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const { lines } = await startFfmpeg({ args: [] }).closed;
    vi.unstubAllEnvs();
    expect(lines.join()).toMatch(/could not be started|failed to execute/);
  });

  test('dies with the process that started it, however that dies', async () => {
    const parent = spawn(process.execPath, ['--input-type=module', '-e', starter(33)]);
    await appears(33);
    parent.kill('SIGKILL');
    await vanishes(33);
  });

  test('dies with the worker thread that started it', async () => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(starter(34))}`));
    await appears(34);
    await worker.terminate();
    await vanishes(34);
  });

  test('outlives another thread of its process', async () => {
    const child = startFfmpeg({ args: endless(35) });
    child.stdout.resume();
    const worker = new Worker('', { eval: true });
    await once(worker, 'exit');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(running(35).length).toBe(1);
    await child.stop();
  });
});
