/**
 * The DETR family as exported by its makers (RT-DETR, D-FINE, RF-DETR): `logits` [1, queries, classes] before the sigmoid
 * and `pred_boxes` [1, queries, 4] as centre and size in fractions of the input (Carion et al. 2020). No suppression needed.
 */
import { centredBox } from './decode-yolo.ts';
import { bestClass, type Decode, type RawDetection } from './raw-detection.ts';

export const decodeDetr: Decode = (outputs, { leastConfidence, wanted }) => {
  const list = Object.values(outputs);
  const boxes = outputs['pred_boxes'] ?? list.find(({ dims }) => dims[2] === 4);
  const logits = outputs['logits'] ?? list.find((tensor) => tensor !== boxes);
  if (boxes === undefined || logits === undefined) {
    throw new Error('the model does not have the outputs logits and pred_boxes');
  }
  const classes = logits.dims[2] ?? 0;
  const scores = logits.data.map((logit) => 1 / (1 + Math.exp(-logit)));
  const found: RawDetection[] = [];
  for (let query = 0; query < (logits.dims[1] ?? 0); query += 1) {
    const { classIndex, confidence } = bestClass(scores, query * classes, wanted);
    if (confidence < leastConfidence) continue;
    const [x = 0, y = 0, width = 0, height = 0] = boxes.data.subarray(query * 4, query * 4 + 4);
    found.push({ classIndex, confidence, box: centredBox(x, y, width, height) });
  }
  return found;
};
