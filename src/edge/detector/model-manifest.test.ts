/** A model that cannot be used is told at the start, with the file and what to do. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInferencePool } from './inference-pool.ts';
import { loadModel } from './model-manifest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'model-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = Buffer.from('these bytes are no model');
const manifest = {
  name: 'own',
  version: 'own@1',
  family: 'yolox',
  file: 'own.onnx',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  input: { width: 640, height: 640, layout: 'nchw', type: 'float32', colours: 'bgr' },
  classes: ['person', 'bicycle'],
  licence: 'Apache-2.0',
};

function write(changes: object = {}): string {
  const path = join(folder, 'own.manifest.json');
  writeFileSync(path, JSON.stringify({ ...manifest, ...changes }));
  return path;
}

describe('a model', () => {
  test('of any known family is taken by its manifest', () => {
    writeFileSync(join(folder, 'own.onnx'), bytes);
    expect(loadModel(write())).toMatchObject({
      version: 'own@1',
      family: 'yolox',
      modelPath: join(folder, 'own.onnx'),
      classes: ['person', 'bicycle'],
    });
  });

  test.each([
    [
      'whose manifest is not there',
      () => join(folder, 'nowhere.json'),
      /the model manifest .*nowhere\.json cannot be read; run scripts\/build-model, or correct detector\.manifest/,
    ],
    [
      'whose file is not there',
      () => write(),
      /the model .*own\.onnx cannot be read; run scripts\/build-model/,
    ],
    [
      'of an unknown family',
      () => write({ family: 'guess' }),
      /own\.manifest\.json: family .*; correct the manifest/,
    ],
    [
      'whose file would lie elsewhere',
      () => write({ file: '../own.onnx' }),
      /own\.manifest\.json: file must match/,
    ],
    [
      'that was copied by half',
      () => {
        writeFileSync(join(folder, 'own.onnx'), bytes.subarray(0, 5));
        return write();
      },
      /own\.onnx is not the file that .* describes \(sha256 differs\); run scripts\/build-model or copy the model again/,
    ],
  ])('%s is refused', (_which, path, sentence) => {
    const manifestPath = path();
    expect(() => loadModel(manifestPath)).toThrow(sentence);
  });

  test('that the runtime cannot load is refused when the pool starts', async () => {
    writeFileSync(join(folder, 'own.onnx'), bytes);
    const pool = createInferencePool({ manifestPath: write(), logger: pino({ level: 'silent' }) });
    await expect(pool.start()).rejects.toThrow(
      /own\.onnx cannot be loaded by ONNX Runtime; name another model in detector\.manifest/,
    );
    await pool.stop();
  });
});
