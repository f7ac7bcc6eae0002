/** The collector's program as an engineer starts it: what cannot work is told in one sentence; SIGTERM ends it well. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isLoopback, listeningPorts } from '../testing/listening-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'collector-main-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function configOn(port: number): string {
  const file = join(folder, `collector-${port}.yaml`);
  writeFileSync(
    file,
    `http:
  port: ${port}
broker:
  url: mqtt://127.0.0.1:1
dataFolder: ${join(folder, 'data')}
`,
  );
  return file;
}

test('a port in use ends the start with one sentence and exit 2', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const end = spawnSync(process.execPath, ['src/collector/main.ts', '--config', configOn(port)], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  other.close();
  expect(end.stderr.trim()).toBe(
    `port ${port} on 127.0.0.1 is taken by another program; stop it or choose another port`,
  );
  expect(end.stderr.trim().split('\n')).toHaveLength(1);
  expect(end.status).toBe(2);
});

test('it tells its address and the one-time token, and ends well at SIGTERM', async () => {
  const first = await runUntilTold();
  expect(first).toMatch(/console {7}http:\/\/127\.0\.0\.1:\d+/);
  expect(first).toMatch(/set-up token {2}\S{20,}/);
}, 40_000);

test('S3 with the least configuration it listens on one port of loopback, and on nothing else', async () => {
  const child = spawn(process.execPath, ['src/collector/main.ts', '--config', configOn(0)]);
  const exited = once(child, 'exit');
  let told = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      told += text.toString();
      if (/console {7}http/.test(told)) resolve();
    });
  });
  const ports = listeningPorts(child.pid);
  child.kill('SIGTERM');
  await exited;
  const port = Number(/console {7}http:\/\/127\.0\.0\.1:(\d+)/.exec(told)?.[1]);
  expect(ports.map((one) => one.port)).toEqual([port]);
  expect(ports.every(isLoopback)).toBe(true);
}, 60_000);

async function runUntilTold(): Promise<string> {
  const child = spawn(process.execPath, ['src/collector/main.ts', '--config', configOn(0)]);
  let told = '';
  child.stdout.on('data', (text: Buffer) => {
    told += text.toString();
    if (told.includes('set-up token')) child.kill('SIGTERM');
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  return told;
}
