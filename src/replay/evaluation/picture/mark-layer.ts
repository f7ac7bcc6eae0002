/** What was right and what was not, each at the feet of whom it was about. In source pixels. */
import type { Box } from '../../../contract/shape.ts';
import type { Evaluation } from '../evaluate.ts';
import type { Truth } from '../truth.ts';
import { footOf } from './scene-layer.ts';
import {
  colours,
  crossingMark,
  disc,
  label,
  type Spot,
  switchMark,
  thirdPassMark,
  type Verdict,
  visitMark,
} from './svg.ts';

const size = 4;
const verdicts: readonly Verdict[] = ['right', 'wrong', 'missed'];

/** Boxes that were missed and boxes of nothing, as dots: where there are many, something is wrong. */
export function boxLayer({ clear }: Evaluation, { rows }: Truth, foundBoxOf: BoxOf): string {
  const trueBoxes = new Map(rows.map(({ frame, id, box }) => [`${frame} ${id}`, box]));
  const dot = (box: Box | undefined, colour: string) =>
    box === undefined ? '' : disc(footOf(box), 1.3, `fill="${colour}" fill-opacity="0.75"`);
  return [
    ...clear.missList.map(({ frame, id }) => dot(trueBoxes.get(`${frame} ${id}`), colours.missed)),
    ...clear.falseList.map(({ frame, id }) => dot(foundBoxOf(frame, id), colours.wrong)),
  ].join('');
}

export type BoxOf = (frame: number, trackId: number) => Box | undefined;

export function markLayer(evaluation: Evaluation, { rows }: Truth): string {
  const points = [...evaluation.watchPoints.values()];
  return [
    ...marks(evaluation.crossings, crossingMark),
    ...points.flatMap(({ visits }) => marks(visits, visitMark)),
    ...points.flatMap(({ thirdPasses }) => marks(thirdPasses, thirdPassMark)),
    ...evaluation.clear.switchList.map(({ frame, trueId }) => {
      const row = rows.find((one) => one.frame === frame && one.id === trueId);
      if (row === undefined) return '';
      const at = footOf(row.box);
      const beside = { x: at.x + 5, y: at.y - 4 };
      return switchMark(at, size) + label(beside, String(frame), 8, colours.switched);
    }),
  ].join('');
}

type Placed = Readonly<{ box: Box }>;

function marks(
  score: Readonly<Record<Verdict, readonly Placed[]>>,
  draw: (at: Spot, verdict: Verdict, size: number) => string,
): readonly string[] {
  return verdicts.flatMap((verdict) =>
    score[verdict].map(({ box }) => draw(footOf(box), verdict, size)),
  );
}
