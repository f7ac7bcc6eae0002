/** An operator speaks over lines of all kinds; the clock is the test's, one turn is the 20 ms of a message. */
import { expect, test } from 'vitest';
import { passedOnEvery } from '../../contract/talk.ts';
import { createOnTheWay } from './on-the-way.ts';

/** A line that keeps what it does not carry, with a centre behind it that tells of every tenth message. */
function line(delayTurns: number) {
  const onTheWay = createOnTheWay();
  let turn = 0;
  let next = 0;
  let arrived = 0;
  let worstLag = 0;
  let leftOut = 0;
  let kept: readonly Readonly<{ number: number; saidAt: number }>[] = [];
  let words: readonly Readonly<{ number: number; at: number }>[] = [];

  const arrive = (): void => {
    const [first, ...rest] = kept;
    if (first === undefined || first.saidAt + delayTurns > turn) return;
    kept = rest;
    worstLag = Math.max(worstLag, turn - first.saidAt);
    if (arrived % passedOnEvery === 0)
      words = [...words, { number: first.number, at: turn + delayTurns }];
    arrived += 1;
  };
  return {
    /** One message is said, and the line carries so many. */
    say: (carries: number) => {
      turn += 1;
      for (const word of words.filter(({ at }) => at <= turn))
        onTheWay.passedOn(word.number, turn * 20);
      words = words.filter(({ at }) => at > turn);
      if (onTheWay.isFull()) leftOut += 1;
      else {
        onTheWay.sent(next, turn * 20);
        kept = [...kept, { number: next, saidAt: turn }];
        next += 1;
      }
      for (let count = 0; count < carries; count += 1) arrive();
    },
    worstLagMs: () => worstLag * 20,
    forgetWorst: () => {
      worstLag = 0;
    },
    leftOut: () => leftOut,
  };
}

test('a line that carries everything loses nothing, also over a long way', () => {
  const far = line(7);
  for (let turn = 0; turn < 3000; turn += 1) far.say(1);
  expect(far.leftOut()).toBe(0);
  expect(far.worstLagMs()).toBe(140);
});

test('a line that carries half of what is said leaves out the other half, and does not lag more and more', () => {
  const slow = line(1);
  for (let turn = 0; turn < 3000; turn += 1) slow.say(turn % 2);
  expect(slow.worstLagMs()).toBeLessThanOrEqual(1000);
  expect(slow.leftOut()).toBeGreaterThan(1400);
});

test('after a standstill of half a minute what comes is new, not of half a minute ago', () => {
  const stalled = line(1);
  for (let turn = 0; turn < 100; turn += 1) stalled.say(1);
  for (let turn = 0; turn < 1500; turn += 1) stalled.say(0);
  // The line is back and brings what it kept, at once.
  stalled.say(1000);
  stalled.say(1000);
  stalled.forgetWorst();
  const before = stalled.leftOut();
  for (let turn = 0; turn < 500; turn += 1) stalled.say(1);
  expect(stalled.worstLagMs()).toBe(20);
  expect(stalled.leftOut() - before).toBeLessThanOrEqual(3);
});

test('tells how long the way there and back took, and knows only what was sent', () => {
  const onTheWay = createOnTheWay();
  onTheWay.sent(4_294_967_295, 1000);
  onTheWay.sent(0, 1020);
  expect(onTheWay.passedOn(0, 1100)).toBe(80);
  expect(onTheWay.passedOn(4_294_967_295, 1100)).toBeUndefined();
});
