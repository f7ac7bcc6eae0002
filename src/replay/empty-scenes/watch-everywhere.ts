/** Rules all over the picture, the most easily raised there are: whoever is followed for a second anywhere is reported. */
import type { CameraRules } from '../../contract/rule.ts';

const wires = 6;
const cells = 4;
const dwellSeconds = 5;
const pointsInRow = 5;

/** Wires from edge to edge both ways, zones side by side and one over all, circles that touch each other. */
export function watchEverywhere(): CameraRules {
  return {
    schemaVersion: 1,
    tripwires: steps(wires).flatMap((at) => {
      const place = (at + 1) / (wires + 1);
      return [
        { ruleId: `wire-down-${at}`, points: [[place, 0] as Corner, [place, 1] as Corner] },
        { ruleId: `wire-across-${at}`, points: [[0, place] as Corner, [1, place] as Corner] },
      ];
    }),
    zones: [
      { ruleId: 'zone-all', dwellSeconds, occupiedSeconds: dwellSeconds, points: square(0, 0, 1) },
      ...grid(cells).map(([x, y]) => ({
        ruleId: `zone-${x}-${y}`,
        dwellSeconds,
        points: square(x / cells, y / cells, 1 / cells),
      })),
    ],
    watchPoints: grid(pointsInRow).map(([x, y]) => ({
      ruleId: `point-${x}-${y}`,
      centre: [(x + 0.5) / pointsInRow, (y + 0.5) / pointsInRow] as Corner,
      radiusOfHeight: 0.5 / pointsInRow,
      passes: 1,
    })),
  };
}

type Corner = [x: number, y: number];

function steps(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at);
}

function grid(side: number): readonly Corner[] {
  return steps(side).flatMap((y) => steps(side).map((x): Corner => [x, y]));
}

function square(left: number, top: number, side: number): Corner[] {
  const [right, bottom] = [left + side, top + side];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
