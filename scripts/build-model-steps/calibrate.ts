/** Runs the fp32 graph over pictures and notes the range of each inner tensor; made once, kept as a small JSON file. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { encodeOnnx, inputName, type OnnxGraph } from './onnx-graph.ts';
import { type ActivationRanges, calibratedTensors } from './quantise.ts';

/** `pictures` are files that sharp reads. */
export async function calibrate(
  graph: OnnxGraph,
  pictures: readonly string[],
): Promise<ActivationRanges> {
  const tensors = calibratedTensors(graph);
  const session = await InferenceSession.create(encodeOnnx(graph, tensors));
  const ranges = new Map<string, [number, number]>();
  for (const file of pictures) {
    const pixels = await readPicture(file, graph.width, graph.height);
    const input = new Tensor('uint8', pixels, [1, graph.height, graph.width, 3]);
    const outputs = await session.run({ [inputName]: input });
    for (const name of tensors) {
      const tensor = outputs[name];
      // Only pictures of features are quantised; the flat lists of the heads stay as they are.
      if (tensor === undefined || tensor.dims.length !== 4) continue;
      ranges.set(name, widened(ranges.get(name) ?? [0, 0], tensor.data as Float32Array));
    }
  }
  await session.release();
  return Object.fromEntries(ranges);
}

function widened([least, most]: readonly [number, number], values: Float32Array): [number, number] {
  let [from, to] = [least, most];
  for (const value of values) {
    if (value < from) from = value;
    if (value > to) to = value;
  }
  return [from, to];
}

/** RGB, height x width x 3, stretched to the size. */
export async function readPicture(
  file: string,
  width: number,
  height: number,
): Promise<Uint8Array> {
  return sharp(file).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
}
