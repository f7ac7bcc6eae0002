/** The bill of materials as the command writes it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Component = Readonly<{
  name: string;
  type: string;
  hashes?: readonly Readonly<{ alg: string; content: string }>[];
}>;

test('the bill of materials names the packages that run, every detector with its hash, and ffmpeg', () => {
  const text = execFileSync(process.execPath, ['scripts/sbom.ts'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const { components } = JSON.parse(text) as { components: readonly Component[] };
  const names = components.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['onnxruntime-node', 'sherpa-onnx-node', 'fastify', 'mqtt', 'ffmpeg']),
  );
  expect(names).not.toContain('vitest');
  // A manifest that says Apache-2.0 is not all that there is to say of a built library.
  expect(components).toContainEqual(
    expect.objectContaining({
      name: 'espeak-ng',
      type: 'library',
      licenses: [{ license: { id: 'GPL-3.0-or-later' } }],
    }),
  );
  const files = readdirSync('models').filter((name) => name.endsWith('.onnx'));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const content = createHash('sha256')
      .update(readFileSync(`models/${file}`))
      .digest('hex');
    expect(components).toContainEqual(
      expect.objectContaining({
        type: 'machine-learning-model',
        hashes: [{ alg: 'SHA-256', content }],
      }),
    );
  }
});
