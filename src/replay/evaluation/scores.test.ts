import { describe, expect, it } from 'vitest';
import { clearMotOf } from './clear-mot.ts';
import { type Crossing, crossingScoreOf } from './crossing-score.ts';
import { hotaOf } from './hota.ts';
import { identityScoreOf } from './identity-score.ts';
import { type MotRow, readMotRows, writeMotRow } from './mot-rows.ts';
import { compare } from './sequence.ts';

/** A box 10 wide and high whose left side is at `left`; two of them `shift` apart overlap (10 - s) / (10 + s). */
function row(frame: number, id: number, left: number): MotRow {
  return { frame, id, box: { left, top: 0, right: left + 10, bottom: 10 }, confidence: 1 };
}

const frames = [1, 2, 3, 4];
const one = frames.map((frame) => row(frame, 1, 0));

describe('a result without fault', () => {
  const sequence = compare(
    one,
    frames.map((frame) => row(frame, 7, 0)),
    frames,
  );

  it('has every score at its best', () => {
    expect(hotaOf(sequence)).toEqual({ hota: 1, detA: 1, assA: 1 });
    expect(clearMotOf(sequence)).toMatchObject({
      mota: 1,
      switches: 0,
      falsePositives: 0,
      misses: 0,
    });
    expect(identityScoreOf(sequence)).toEqual({ idF1: 1, idPrecision: 1, idRecall: 1 });
  });
});

describe('an object whose id changes half way', () => {
  const sequence = compare(one, [row(1, 7, 0), row(2, 7, 0), row(3, 8, 0), row(4, 8, 0)], frames);

  it('is found wholly but associated by half: A(c) = 2 / (2 + 2 + 0) for each of the 4 matches', () => {
    const { detA, assA, hota } = hotaOf(sequence);
    expect(detA).toBeCloseTo(1);
    expect(assA).toBeCloseTo(0.5);
    expect(hota).toBeCloseTo(Math.sqrt(0.5));
  });

  it('is one switch: MOTA = 1 - 1 / 4', () => {
    expect(clearMotOf(sequence)).toMatchObject({ mota: 0.75, switches: 1 });
    expect(clearMotOf(sequence).switchList).toEqual([{ frame: 3, trueId: 1, before: 7, after: 8 }]);
  });

  it('agrees in 2 of 4 frames: IDF1 = 2 * 2 / (4 + 4)', () => {
    expect(identityScoreOf(sequence).idF1).toBeCloseTo(0.5);
  });
});

describe('an object missed once and an invention elsewhere', () => {
  const sequence = compare(one, [row(1, 7, 0), row(2, 7, 0), row(3, 7, 0), row(4, 9, 100)], frames);

  it('has DetA = 3 / (3 + 1 + 1) and A(c) = 3 / (3 + 1 + 0)', () => {
    const { detA, assA } = hotaOf(sequence);
    expect(detA).toBeCloseTo(0.6);
    expect(assA).toBeCloseTo(0.75);
  });

  it('has one miss and one false positive: MOTA = 1 - 2 / 4', () => {
    expect(clearMotOf(sequence)).toMatchObject({ mota: 0.5, misses: 1, falsePositives: 1 });
  });

  it('has IDF1 = 2 * 3 / (4 + 4)', () => {
    expect(identityScoreOf(sequence).idF1).toBeCloseTo(0.75);
  });
});

it('boxes that overlap by 0.6 count up to the threshold 0.6: HOTA is 12 of 19', () => {
  // Shifted by 2.5 of 10: overlap 7.5 / 12.5.
  const sequence = compare(
    one,
    frames.map((frame) => row(frame, 7, 2.5)),
    frames,
  );
  expect(hotaOf(sequence).hota).toBeCloseTo(12 / 19);
  expect(clearMotOf(sequence).mota).toBe(1);
});

it('a standing pair goes before a better overlap of the moment', () => {
  const truth = [row(1, 1, 0), row(2, 1, 0)];
  const found = [row(1, 7, 0), row(2, 7, 3), row(2, 8, 0)];
  expect(clearMotOf(compare(truth, found, [1, 2]))).toMatchObject({
    switches: 0,
    falsePositives: 1,
  });
});

it('two objects that exchange ids are two switches, and half of each is right', () => {
  const truth = frames.flatMap((frame) => [row(frame, 1, 0), row(frame, 2, 100)]);
  const found = frames.flatMap((frame) => [
    row(frame, 7, frame < 3 ? 0 : 100),
    row(frame, 8, frame < 3 ? 100 : 0),
  ]);
  const sequence = compare(truth, found, frames);
  expect(clearMotOf(sequence)).toMatchObject({ switches: 2, mota: 0.75 });
  expect(identityScoreOf(sequence).idF1).toBeCloseTo(0.5);
  // Each of the 8 matches: TPA 2, FNA 2, FPA 2.
  expect(hotaOf(sequence).assA).toBeCloseTo(1 / 3);
});

it('an object that is found again under another number after a gap is a switch', () => {
  const sequence = compare(one, [row(1, 7, 0), row(4, 8, 0)], frames);
  expect(clearMotOf(sequence)).toMatchObject({ switches: 1, misses: 2, mota: 0.25 });
});

it('an overlap of exactly a half is a match, of a little less is none', () => {
  const shifted = (by: number) => compare([row(1, 1, 0)], [row(1, 7, by)], [1]);
  expect(clearMotOf(shifted(10 / 3))).toMatchObject({ matches: 1 });
  expect(identityScoreOf(shifted(10 / 3)).idF1).toBe(1);
  expect(clearMotOf(shifted(3.4))).toMatchObject({ misses: 1, falsePositives: 1, mota: -1 });
  expect(identityScoreOf(shifted(3.4)).idF1).toBe(0);
});

it('frames that were not analysed are not held against the result', () => {
  const sequence = compare(one, [row(1, 7, 0), row(3, 7, 0)], [1, 3]);
  expect(clearMotOf(sequence).mota).toBe(1);
  expect(hotaOf(sequence).hota).toBe(1);
});

describe('crossings', () => {
  const at = (frame: number, direction = 'a-to-b', ruleId = 'gate'): Crossing => ({
    ruleId,
    direction,
    frame,
  });

  it.each([
    ['within 12 frames', [at(100)], [at(112)], { right: 1, f1: 1 }],
    ['13 frames off', [at(100)], [at(113)], { right: 0, f1: 0 }],
    ['the other way', [at(100)], [at(100, 'b-to-a')], { right: 0, f1: 0 }],
    ['at another wire', [at(100)], [at(100, 'a-to-b', 'lane')], { right: 0, f1: 0 }],
    ['reported twice', [at(100)], [at(99), at(101)], { right: 1, precision: 0.5, recall: 1 }],
    ['one of two missed', [at(100), at(105)], [at(101)], { right: 1, precision: 1, recall: 0.5 }],
    ['close together, as many as can be', [at(100), at(110)], [at(111), at(112)], { right: 2 }],
    ['none, none reported', [], [], { right: 0, f1: 1 }],
  ])('%s', (_, truth, reported, expected) => {
    const score = crossingScoreOf(truth, reported);
    expect({ ...score, right: score.right.length }).toMatchObject(expected);
  });
});

describe('MOT Challenge rows', () => {
  it('are read as they are written', () => {
    const text = `${writeMotRow({ ...row(3, 4, 5), confidence: 0.5 })}\n`;
    expect(text).toBe('3,4,5.00,0.00,10.00,10.00,0.500,-1,-1,-1\n');
    expect(readMotRows(text)).toEqual([{ ...row(3, 4, 5), confidence: 0.5 }]);
  });

  it('that are none are named by their line', () => {
    expect(() => readMotRows('1,2,3,4,5,6,1,-1,-1,-1\n1,2,here\n')).toThrow(/line 2 .*"1,2,here"/);
  });
});
