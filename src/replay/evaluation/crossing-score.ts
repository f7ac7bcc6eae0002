/**
 * How many true crossings of tripwires were reported. A report is right when it names the same tripwire and
 * direction within 12 source frames of a true crossing that no other report has taken.
 */
export type Crossing = Readonly<{ ruleId: string; direction: string; frame: number }>;

/** `right` are reports. */
export type CrossingScore<One extends Crossing = Crossing> = Readonly<{
  right: readonly One[];
  wrong: readonly One[];
  missed: readonly One[];
  precision: number;
  recall: number;
  f1: number;
}>;

/** So far, in source frames, may a report be from the moment that the truth names. */
export const greatestFrames = 12;

export function crossingScoreOf<One extends Crossing>(
  truth: readonly One[],
  reported: readonly One[],
): CrossingScore<One> {
  const free = [...reported].sort((a, b) => a.frame - b.frame);
  const right: One[] = [];
  const missed: One[] = [];
  // Taking the earliest report that fits, in the order of the truth, pairs as many as can be paired.
  for (const crossing of [...truth].sort((a, b) => a.frame - b.frame)) {
    const index = free.findIndex((report) => isSame(crossing, report));
    if (index < 0) missed.push(crossing);
    else right.push(...free.splice(index, 1));
  }
  const all = truth.length + reported.length;
  return {
    right,
    wrong: free,
    missed,
    precision: reported.length === 0 ? 1 : right.length / reported.length,
    recall: truth.length === 0 ? 1 : right.length / truth.length,
    f1: all === 0 ? 1 : (2 * right.length) / all,
  };
}

function isSame(a: Crossing, b: Crossing): boolean {
  return (
    a.ruleId === b.ruleId &&
    a.direction === b.direction &&
    Math.abs(a.frame - b.frame) <= greatestFrames
  );
}
