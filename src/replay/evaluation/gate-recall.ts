/**
 * Whether the motion gate hides anybody: of all the people in the frames of a replay, the share that something which moves,
 * or somebody who is followed already, touched. Such a person calls for a look; one who is not touched waits for the keep-
 * alive. Pure but for its sums.
 */
import type { Box } from '../../contract/shape.ts';
import type { Frame } from '../../edge/camera/frame.ts';
import type { MotRow } from './mot-rows.ts';

export type GateRecall = Readonly<{
  /** `places` in fractions of the picture. */
  attended: (
    frame: Pick<Frame, 'frameNumber' | 'sourceWidth' | 'sourceHeight'>,
    places: readonly Box[],
  ) => void;
  /** Nothing of a replay without people. */
  share: () => Readonly<{ gateRecall?: number }>;
}>;

export function createGateRecall(truth: readonly MotRow[]): GateRecall {
  const rowsAt = new Map<number, MotRow[]>();
  for (const row of truth) rowsAt.set(row.frame, [...(rowsAt.get(row.frame) ?? []), row]);
  let [people, known] = [0, 0];
  return {
    attended: ({ frameNumber, sourceWidth, sourceHeight }, places) => {
      for (const { box } of rowsAt.get(frameNumber) ?? []) {
        people += 1;
        const person: Box = {
          left: box.left / sourceWidth,
          top: box.top / sourceHeight,
          right: box.right / sourceWidth,
          bottom: box.bottom / sourceHeight,
        };
        if (places.some((place) => touches(place, person))) known += 1;
      }
    },
    share: () => (people === 0 ? {} : { gateRecall: known / people }),
  };
}

function touches(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
