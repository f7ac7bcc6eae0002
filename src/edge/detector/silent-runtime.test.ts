/** The ONNX Runtime tells its maker nothing: it leaves no number of the machine behind, in whatever thread it runs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const room = resolve('src/edge/detector');
/** No model is needed: it begins before it has looked at one. */
const open = `(runtime) => runtime.InferenceSession.create(Buffer.from('none')).catch(() => undefined)
  .then(() => new Promise((resolve) => setTimeout(resolve, 200)))`;
const inWorker = (module: string) => `
  const { Worker } = await import('node:worker_threads');
  await import('${join(room, module)}');
  const worker = new Worker("import('onnxruntime-node').then(" + ${JSON.stringify(open)} + ")", { eval: true });
  await new Promise((resolve) => worker.once('exit', resolve));`;
const inMain = `
  await import('${join(room, 'inference-session.ts')}');
  await import('onnxruntime-node').then(${open});`;

/** What it has left in the home of whoever runs it. */
function leftBy(program: string): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), 'runtime-home-'));
  try {
    const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, ...environment } = process.env;
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...environment, HOME: home },
      stdio: 'pipe',
    });
    return readdirSync(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

test.each([
  ['as in the box, where a thread of its own has it', inWorker('inference-pool.ts')],
  ['as in a replay, where it is loaded at once', inMain],
])('%s', (_, program) => {
  expect(leftBy(program)).toEqual([]);
});
