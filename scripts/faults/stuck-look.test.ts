/** A look that takes too long within the real runtime: whoever ended its thread would abort the whole process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, expect, test } from 'vitest';
import { createInferenceDesk } from '../../src/edge/detector/inference-desk.ts';
import type {
  InferenceAnswer,
  InferenceRequest,
} from '../../src/edge/detector/inference-messages.ts';
import { defaultSession } from '../../src/edge/detector/inference-pool.ts';
import { loadModel } from '../../src/edge/detector/model-manifest.ts';
import { slowInput, writeSlowModel } from './slow-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'haoguanjia-stuck-look-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a look that hangs in the runtime is given up, its thread ends when it comes back, and the process lives', async () => {
  const model = loadModel(writeSlowModel(folder, 30));
  const said: string[] = [];
  const desk = createInferenceDesk({
    start: { model, settings: defaultSession },
    count: 1,
    log: (level, message) => said.push(`${level}: ${message}`),
    restartMs: 5,
    endsWithinMs: 60_000,
  });
  await desk.start();
  const { port1, port2 } = new MessageChannel();
  desk.connect('gate', port1);
  const answers: string[] = [];
  port2.on('message', ({ kind }: InferenceAnswer) => answers.push(kind));
  const ask = (requestId: number): void => {
    const pixels = new Uint8Array(slowInput.width * slowInput.height * 3);
    const placement = { left: 0, top: 0, width: 1, height: 1 };
    port2.postMessage({ requestId, pixels, placement } satisfies InferenceRequest);
  };

  ask(1);
  await expect.poll(() => desk.owed(), { interval: 2 }).toBe(1);
  for (let second = 0; second < 20; second += 1) desk.tick();
  await expect.poll(() => answers).toEqual(['failed']);
  expect(said).toContain('warn: inference thread hangs; another is started');
  ask(2);
  await expect.poll(() => answers, { timeout: 60_000 }).toEqual(['failed', 'detections']);
  // Resolves when both threads have ended, each after its look.
  await desk.stop();
  port2.close();
}, 100_000);
