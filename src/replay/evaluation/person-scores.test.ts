/** Small cases of visits and re-identification, worked out by hand. */
import { describe, expect, it } from 'vitest';
import type { MotRow } from './mot-rows.ts';
import { reidentificationOf } from './reidentification-score.ts';
import { compare } from './sequence.ts';
import { thirdPassScoreOf, type Visit, visitScoreOf } from './watch-point-score.ts';

function boxAt(left: number) {
  return { left, top: 0, right: left + 10, bottom: 10 };
}

function row(frame: number, id: number, left: number): MotRow {
  return { frame, id, box: boxAt(left), confidence: 1 };
}

/** Rows of `id` in all of the frames, at the place of `left`. */
function rows(frames: readonly number[], id: number, left: number): readonly MotRow[] {
  return frames.map((frame) => row(frame, id, left));
}

describe('returning persons', () => {
  // Anna is 1 and later 4, Ben is 2 and later 5; 3 and 6 are strangers, of whom nobody knows who they are.
  const persons = [
    { person: 'Anna', ids: [4, 1] },
    { person: 'Ben', ids: [2, 5] },
  ];
  const [early, late] = [
    [1, 2],
    [8, 9],
  ];
  const places = { 1: 0, 2: 100, 3: 200, 4: 0, 5: 100, 6: 200 } as const;
  const truth = Object.entries(places).flatMap(([id, left]) =>
    rows(Number(id) < 4 ? early : late, Number(id), left),
  );
  /** Person ids found for the true ids 1 to 6, in their order. */
  const scoreOf = (...found: readonly number[]) =>
    reidentificationOf(
      compare(
        truth,
        Object.entries(places).flatMap(([id, left], index) =>
          rows(Number(id) < 4 ? early : late, found[index] ?? 0, left),
        ),
        [...early, ...late],
      ),
      persons,
    );

  it.each([
    ['both known again', [71, 72, 73, 71, 72, 76], { right: 2, wrong: 0, none: 0 }, []],
    ['nobody known again', [71, 72, 73, 74, 75, 76], { right: 0, wrong: 0, none: 2 }, []],
    ['Anna taken for Ben', [71, 72, 73, 72, 75, 76], { right: 0, wrong: 1, none: 1 }, [[2, 4]]],
    [
      'Anna taken for a stranger',
      [71, 72, 73, 73, 72, 76],
      { right: 1, wrong: 1, none: 0 },
      [[3, 4]],
    ],
    ['strangers who never meet', [71, 72, 73, 71, 72, 73], { right: 2, wrong: 0, none: 0 }, []],
    [
      'two who are seen together under one id',
      [71, 71, 73, 71, 75, 76],
      { right: 1, wrong: 0, none: 1 },
      [
        [1, 2],
        [2, 4],
      ],
    ],
  ])('%s', (_, found, counts, merges) => {
    const score = scoreOf(...found);
    expect(score).toMatchObject(counts);
    expect(score.wrongMerges).toEqual(merges);
  });

  it('strangers who are seen in one frame are different people', () => {
    const strangers = [...rows([1, 2], 8, 0), ...rows([2, 3], 9, 100)];
    const score = (second: number) =>
      reidentificationOf(
        compare(strangers, [...rows([1, 2], 70, 0), ...rows([2, 3], second, 100)], [1, 2, 3]),
        persons,
      );
    expect(score(70)).toMatchObject({ returns: [], wrongMerges: [[8, 9]] });
    expect(score(71)).toMatchObject({ returns: [], wrongMerges: [] });
  });

  it('the person id of most frames counts; one that was not found at all has none', () => {
    const seen = [...rows([1], 71, 0), ...rows([2, 3], 70, 0), ...rows([8], 71, 0)];
    const anna = [...rows([1, 2, 3], 1, 0), ...rows([8, 9], 4, 0)];
    const frames = [1, 2, 3, 8, 9];
    expect(reidentificationOf(compare(anna, seen, frames), persons).returns).toEqual([
      { person: 'Anna', trueId: 4, verdict: 'none' },
    ]);
    const never = compare(anna, seen.slice(0, 3), frames);
    expect(reidentificationOf(never, persons)).toMatchObject({ none: 1, wrongMerges: [] });
  });
});

describe('visits', () => {
  const visit = (person: string, id: number, enterFrame: number): Visit => ({
    ...{ person, id, enterFrame, leaveFrame: enterFrame + 10, box: boxAt(0) },
  });
  const everyFrame = Array.from({ length: 300 }, (_, index) => index + 1);
  const truth = [...rows(everyFrame, 1, 0), ...rows(everyFrame, 2, 100)];
  const at = (frame: number, left = 0) => ({ frame, box: boxAt(left) });
  const lengths = ({ right, wrong, missed }: ReturnType<typeof visitScoreOf>) => [
    right.length,
    wrong.length,
    missed.length,
  ];

  it.each([
    ['reported as it begins', [at(52)], [1, 0, 0]],
    ['reported 12 frames after its end', [at(72)], [1, 0, 0]],
    ['reported 13 frames after its end', [at(73)], [0, 1, 1]],
    ['reported 13 frames too early', [at(37)], [0, 1, 1]],
    ['reported twice', [at(50), at(55)], [1, 1, 0]],
    ['of somebody else', [at(52, 100)], [0, 1, 1]],
    ['of nobody', [at(52, 200)], [0, 1, 1]],
    ['not reported', [], [0, 0, 1]],
  ])('%s: right, wrong, missed', (_, reports, expected) => {
    expect(lengths(visitScoreOf([visit('Anna', 1, 50)], truth, reports))).toEqual(expected);
  });

  it('the third pass is that of the person, whatever its ids, and comes with the third visit', () => {
    const visits = [
      ...[visit('Anna', 2, 200), visit('Anna', 1, 50), visit('Anna', 1, 100)],
      ...[visit('Ben', 1, 150), visit('Ben', 1, 250)],
    ];
    expect(lengths(thirdPassScoreOf(visits, truth, [at(202, 100)]))).toEqual([1, 0, 0]);
    expect(lengths(thirdPassScoreOf(visits, truth, [at(102)]))).toEqual([0, 1, 1]);
    expect(lengths(thirdPassScoreOf(visits, truth, [at(202, 100), at(252)]))).toEqual([1, 1, 0]);
  });
});
