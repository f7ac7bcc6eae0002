/**
 * How many true crossings of tripwires were reported. A report is right when it names the same tripwire and
 * direction within 12 source frames of a true crossing that no other report has taken.
 */
export type Crossing = Readonly<{ ruleId: string; direction: string; frame: number }>;

export type CrossingScore = Readonly<{
  right: number;
  wrong: readonly Crossing[];
  missed: readonly Crossing[];
  precision: number;
  recall: number;
  f1: number;
}>;

const greatestFrames = 12;

export function crossingScoreOf(
  truth: readonly Crossing[],
  reported: readonly Crossing[],
): CrossingScore {
  const free = [...reported].sort((a, b) => a.frame - b.frame);
  const missed: Crossing[] = [];
  // Taking the earliest report that fits, in the order of the truth, pairs as many as can be paired.
  for (const crossing of [...truth].sort((a, b) => a.frame - b.frame)) {
    const index = free.findIndex((report) => isSame(crossing, report));
    if (index < 0) missed.push(crossing);
    else free.splice(index, 1);
  }
  const right = truth.length - missed.length;
  return {
    right,
    wrong: free,
    missed,
    precision: reported.length === 0 ? 1 : right / reported.length,
    recall: truth.length === 0 ? 1 : right / truth.length,
    f1: truth.length + reported.length === 0 ? 1 : (2 * right) / (truth.length + reported.length),
  };
}

function isSame(a: Crossing, b: Crossing): boolean {
  return (
    a.ruleId === b.ruleId &&
    a.direction === b.direction &&
    Math.abs(a.frame - b.frame) <= greatestFrames
  );
}
