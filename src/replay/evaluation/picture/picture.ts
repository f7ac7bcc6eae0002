/** One replay to look at: the empty scene with everybody's way, the rules, and what was right, false and missed. */
import sharp from 'sharp';
import type { StillPicture } from '../../empty-scenes/background.ts';
import type { Recording } from '../../recording.ts';
import type { Evaluation } from '../evaluate.ts';
import type { Truth } from '../truth.ts';
import { boxLayer, markLayer } from './mark-layer.ts';
import { panelOf, panelWidth } from './panel.ts';
import { personNames, ruleLayer, ruleNames, trailLayer } from './scene-layer.ts';

export type EvaluationPicture = Readonly<{
  /** Of the clip's own size or smaller. */
  background: StillPicture;
  /** The head, line by line. */
  title: readonly string[];
  recording: Recording;
  evaluation: Evaluation;
  truth: Truth;
}>;

/** The figures beside the picture need this height. */
const leastHeight = 1150;

/** A PNG. */
export async function drawEvaluation(drawn: EvaluationPicture): Promise<Uint8Array> {
  const size = drawn.recording.sourceSize();
  const scale = Math.max(1, leastHeight / size.height);
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  const { background } = drawn;
  const scene = sharp(background.pixels, {
    raw: { width: background.width, height: background.height, channels: 3 },
  });
  return scene
    .resize(width, height, { fit: 'fill' })
    .modulate({ brightness: 0.72, saturation: 0.55 })
    .extend({ right: panelWidth, background: '#11161d' })
    .composite([{ input: Buffer.from(overlay(drawn, { width, height, scale })), top: 0, left: 0 }])
    .png()
    .toBuffer();
}

function overlay(
  { title, recording, evaluation, truth }: EvaluationPicture,
  { width, height, scale }: Readonly<{ width: number; height: number; scale: number }>,
): string {
  const trails = recording.trails();
  const size = recording.sourceSize();
  const boxes = new Map(
    trails.flatMap(({ trackId, steps }) =>
      steps.map(({ frame, box }) => [`${frame} ${trackId}`, box] as const),
    ),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width + panelWidth}" height="${height}" font-family="sans-serif">`,
    `<g transform="scale(${scale})">`,
    ruleLayer(truth.rules, trails, size),
    trailLayer(trails),
    boxLayer(evaluation, truth, (frame, id) => boxes.get(`${frame} ${id}`)),
    markLayer(evaluation, truth),
    ruleNames(truth.rules, size),
    personNames(trails, size),
    '</g>',
    `<g transform="translate(${width} 0)">${panelOf(title, evaluation, height)}</g></svg>`,
  ].join('');
}
