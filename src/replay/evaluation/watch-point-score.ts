/**
 * What was reported about one watch point: visits, and persons who came by for the third time.
 * A report belongs to the true object that its box overlaps most in its frame. Visits are what the rule itself counts: a
 * twin of the watch point that wants one pass reports each of them as it begins. A report is right when its object has
 * a true visit at that time, give or take as much as a crossing may be off, that no other report has taken.
 * A report of the third pass is right during the third true visit of its person, once.
 */
import type { Box } from '../../contract/shape.ts';
import { iou } from '../../edge/geometry/iou.ts';
import { greatestFrames } from './crossing-score.ts';
import type { MotRow } from './mot-rows.ts';

/** A stay of one true object within the circle, from its first frame inside to its last; `box` is where it began. */
export type Visit = Readonly<{
  person: string;
  id: number;
  enterFrame: number;
  leaveFrame: number;
  box: Box;
}>;

/** `box` is in source pixels. */
export type WatchPointReport = Readonly<{ frame: number; box: Box }>;

export type VisitScore = Readonly<{
  right: readonly WatchPointReport[];
  wrong: readonly WatchPointReport[];
  missed: readonly Visit[];
}>;

const passes = 3;
const leastOverlap = 0.3;

export function visitScoreOf(
  visits: readonly Visit[],
  truth: readonly MotRow[],
  reports: readonly WatchPointReport[],
): VisitScore {
  const free = [...visits].sort((a, b) => a.enterFrame - b.enterFrame);
  const right: WatchPointReport[] = [];
  const wrong: WatchPointReport[] = [];
  for (const report of [...reports].sort((a, b) => a.frame - b.frame)) {
    const id = objectAt(truth, report);
    const index = free.findIndex((visit) => visit.id === id && isDuring(visit, report.frame));
    if (index >= 0) free.splice(index, 1);
    (index >= 0 ? right : wrong).push(report);
  }
  return { right, wrong, missed: free };
}

export function thirdPassScoreOf(
  visits: readonly Visit[],
  truth: readonly MotRow[],
  reports: readonly WatchPointReport[],
): VisitScore {
  return visitScoreOf(thirdVisits(visits), truth, reports);
}

function thirdVisits(visits: readonly Visit[]): readonly Visit[] {
  const inOrder = [...visits].sort((a, b) => a.enterFrame - b.enterFrame);
  const persons = [...new Set(visits.map((visit) => visit.person))];
  return persons.flatMap((person) => {
    const third = inOrder.filter((visit) => visit.person === person)[passes - 1];
    return third === undefined ? [] : [third];
  });
}

function isDuring({ enterFrame, leaveFrame }: Visit, frame: number): boolean {
  return frame >= enterFrame - greatestFrames && frame <= leaveFrame + greatestFrames;
}

function objectAt(truth: readonly MotRow[], { frame, box }: WatchPointReport): number | undefined {
  const candidates = truth
    .filter((row) => row.frame === frame)
    .map((row) => ({ id: row.id, overlap: iou(row.box, box) }))
    .filter((candidate) => candidate.overlap >= leastOverlap);
  return candidates.sort((a, b) => b.overlap - a.overlap)[0]?.id;
}
