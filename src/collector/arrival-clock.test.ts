/** Whose clock is wrong by how much, told from messages that may wait on their way. */
import { expect, test } from 'vitest';
import type { RuleEvent } from '../contract/rule-event.ts';
import { crossingEvent } from '../testing/events.ts';
import { createArrivalClock } from './arrival-clock.ts';

const [hour, minute] = [3_600_000, 60_000];
const noon = Date.UTC(2026, 5, 1, 12);

function centre() {
  const time = { wallMs: noon, steadyMs: 5000 };
  const clock = createArrivalClock({ now: () => time.wallMs, steadyMs: () => time.steadyMs });
  const pass = (ms: number): void => {
    time.wallMs += ms;
    time.steadyMs += ms;
  };
  /** The mark of an event that was sent so long ago by the centre's clock. */
  const markOf = (agoMs: number, changes: Partial<RuleEvent> = {}) => {
    const event = { ...crossingEvent(1), stageTimes: { sentAtMs: time.wallMs - agoMs } };
    const judged = clock.judged({ kind: 'event', event: { ...event, ...changes } as RuleEvent });
    return judged.kind === 'event' ? judged.event.clockSuspect : undefined;
  };
  return { clock, time, pass, markOf };
}

test('an edge whose clock is the same is not marked, however long its messages wait on their way', () => {
  const { pass, markOf } = centre();
  expect(markOf(20)).toBeUndefined();
  pass(minute);
  for (const waitedMs of [50_000, 40_000, 4000, 30]) expect(markOf(waitedMs)).toBeUndefined();
});

test.each([
  ['behind', hour],
  ['ahead', -hour],
])('an edge whose clock is an hour %s is marked from its first event on', (_where, ms) => {
  const { pass, markOf } = centre();
  expect(markOf(ms + 15)).toEqual({ why: 'differs', aheadMs: -ms - 15 });
  pass(20 * minute);
  expect(markOf(ms)).toEqual({ why: 'differs', aheadMs: 0 - ms });
});

test('when the clock of the centre is set, every edge differs at once, and none when it is set back', () => {
  const { time, pass, markOf } = centre();
  expect(markOf(0)).toBeUndefined();
  pass(1000);
  time.wallMs += 24 * hour;
  expect(markOf(24 * hour)).toEqual({ why: 'differs', aheadMs: -24 * hour });
  pass(1000);
  time.wallMs -= 24 * hour;
  expect(markOf(0)).toBeUndefined();
});

test('what an edge says of its own clock stays; what it says of the difference does not', () => {
  const { markOf } = centre();
  const jumped = { why: 'jumped', aheadMs: hour } as const;
  expect(markOf(hour, { clockSuspect: jumped })).toEqual(jumped);
  expect(centre().markOf(0, { clockSuspect: { why: 'differs', aheadMs: 7000 } })).toBeUndefined();
});
