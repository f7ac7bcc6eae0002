/**
 * The built console for tests that open it in a browser: built when it is missing or older than its sources.
 * Test files that run side by side wait for one another's build. Throws what the build said when it fails.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist/console');
const lock = join(root, 'dist/.console-build');
const sources = ['src/console', 'src/contract', 'package-lock.json'];
/** A lock this old was left behind by a run that was killed. */
const deadLockMs = 120_000;

/** Answers with the folder that the collector serves. */
export async function builtConsole(): Promise<string> {
  await mkdir(join(root, 'dist'), { recursive: true });
  while (!(await takeLock())) await pause(200);
  try {
    if (await isStale()) await build();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
  return dist;
}

async function takeLock(): Promise<boolean> {
  const since = await changedAtMs(lock);
  if (since !== undefined && Date.now() - since > deadLockMs) await rm(lock, { recursive: true });
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(): Promise<boolean> {
  const builtAtMs = await changedAtMs(join(dist, 'index.html'));
  if (builtAtMs === undefined) return true;
  const changes = await Promise.all(sources.map((source) => newestChangeMs(join(root, source))));
  return Math.max(...changes) > builtAtMs;
}

async function newestChangeMs(path: string): Promise<number> {
  const here = await stat(path);
  if (!here.isDirectory()) return here.mtimeMs;
  const files = await readdir(path, { recursive: true });
  const changes = await Promise.all(files.map((file) => changedAtMs(join(path, file))));
  return Math.max(...changes.map((change) => change ?? 0));
}

async function changedAtMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** In a process of its own, because the test runner's NODE_ENV would build React's development edition. */
async function build(): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const config = join(root, 'src/console/vite.config.ts');
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', config], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  });
}
