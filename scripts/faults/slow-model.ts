/** A model that is at one look for as long as is wanted, within the runtime, where no message and no signal of ours gets through. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeOnnx, inputName, type OnnxNode } from '../build-model-steps/onnx-graph.ts';

export const slowInput = { width: 32, height: 32 } as const;
/** One product of two such matrices takes some tens of milliseconds. */
const rows = 768;

/** Finds nothing. Returns the manifest's path. */
export function writeSlowModel(folder: string, products: number): string {
  const nodes: readonly OnnxNode[] = [
    { op: 'Cast', inputs: [inputName], outputs: ['numbers'], attributes: { to: 1 } },
    {
      op: 'ReduceMean',
      inputs: ['numbers'],
      outputs: ['mean'],
      attributes: { axes: [0, 1, 2, 3], keepdims: 0 },
    },
    // What comes of the picture cannot be reckoned beforehand.
    { op: 'Add', inputs: ['matrix', 'mean'], outputs: ['product0'], attributes: {} },
    ...Array.from({ length: products }, (_, at) => ({
      op: 'MatMul',
      inputs: [`product${at}`, 'matrix'],
      outputs: [`product${at + 1}`],
      attributes: {},
    })),
  ];
  const bytes = encodeOnnx({
    ...slowInput,
    nodes,
    constants: new Map([
      ['matrix', { data: new Float32Array(rows * rows).fill(1 / rows), shape: [1, rows, rows] }],
    ]),
    outputs: [{ name: `product${products}`, shape: [1, rows, rows] }],
  });
  writeFileSync(join(folder, 'slow.onnx'), bytes);
  const manifest = join(folder, 'slow.manifest.json');
  const facts = {
    ...{ name: 'slow', version: 'slow', family: 'yolov8', file: 'slow.onnx' },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    input: { ...slowInput, layout: 'nhwc', type: 'uint8', colours: 'rgb' },
    ...{ classes: 'coco', licence: 'Apache-2.0' },
  };
  writeFileSync(manifest, JSON.stringify(facts));
  return manifest;
}
