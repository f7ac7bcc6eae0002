/**
 * Whether the right persons, and they alone, were reported to have come by a watch point for the third time.
 * A report belongs to the true object that its box overlaps most in its frame; it is right when that object is the
 * person who has come often enough, and counts once.
 */
import { iou } from '../../edge/geometry/iou.ts';
import type { MotRow } from './mot-rows.ts';
import type { Visit } from './truth.ts';

/** `box` is in source pixels. */
export type LoiteringReport = Readonly<{ ruleId: string; frame: number; box: MotRow['box'] }>;

export type WatchPointScore = Readonly<{
  right: number;
  wrong: number;
  missed: number;
}>;

const passes = 3;
const leastOverlap = 0.3;

export function watchPointScoreOf(
  visits: ReadonlyMap<string, readonly Visit[]>,
  truth: readonly MotRow[],
  reports: readonly LoiteringReport[],
): WatchPointScore {
  const expected = new Set(
    [...visits].flatMap(([ruleId, all]) => frequent(all).map((person) => `${ruleId} ${person}`)),
  );
  const reported = reports.map(({ ruleId, frame, box }) => {
    const id = objectAt(truth, frame, box);
    const person = visits.get(ruleId)?.find((visit) => visit.id === id)?.person;
    return `${ruleId} ${person}`;
  });
  const right = new Set(reported.filter((report) => expected.has(report)));
  return {
    right: right.size,
    wrong: reported.length - right.size,
    missed: expected.size - right.size,
  };
}

function frequent(visits: readonly Visit[]): readonly string[] {
  const persons = [...new Set(visits.map((visit) => visit.person))];
  return persons.filter(
    (person) => visits.filter((visit) => visit.person === person).length >= passes,
  );
}

function objectAt(truth: readonly MotRow[], frame: number, box: MotRow['box']): number | undefined {
  const candidates = truth
    .filter((row) => row.frame === frame)
    .map((row) => ({ id: row.id, overlap: iou(row.box, box) }))
    .filter((candidate) => candidate.overlap >= leastOverlap);
  return candidates.sort((a, b) => b.overlap - a.overlap)[0]?.id;
}
