/** Which event calls the operator, and what becomes of an alarm. */
import { describe, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import type { AlarmContext, AlarmDecision } from '../store/store.ts';
import type { Alarm } from './alarm.ts';
import { acknowledge, close, decideAlarm } from './alarms.ts';

const captured = 1_800_000_000_000;
let ids = 0;
const newId = (): string => {
  ids += 1;
  return `id-${ids}`;
};
const announcement = { kind: 'speech', text: '请离开', language: 'zh-CN' } as const;
const rule: AlarmContext['rule'] = {
  kind: 'tripwire',
  rule: {
    ruleId: 'gate',
    name: 'East gate',
    points: [
      [0, 0],
      [1, 1],
    ],
    response: { severity: 'emergency', cooldownSeconds: 10, announcement },
  },
};
const decide = (
  event = crossingEvent(1),
  context: AlarmContext = { rule },
  nowMs = captured + 500,
): AlarmDecision => decideAlarm({ event, context, speakerId: 'lane-1', nowMs, newId });
const raisedAlarm = (decision: AlarmDecision): Alarm => {
  if (decision.kind !== 'raise') throw new Error(`expected a raised alarm, got ${decision.kind}`);
  return decision.alarm;
};

describe('a crossing', () => {
  test('raises an alarm with the severity and the name of its rule, and orders its announcement', () => {
    expect(decide()).toMatchObject({
      kind: 'raise',
      alarm: {
        state: 'raised',
        severity: 'emergency',
        ruleName: 'East gate',
        late: false,
        repeats: 0,
      },
      announcement: { speakerId: 'lane-1', announcement, expiresAtMs: captured + 30_500 },
    });
  });

  test('of a rule that the centre does not know is a warning under the name of its id, without speech', () => {
    const decision = decide(crossingEvent(1), {});
    expect(decision).toMatchObject({
      kind: 'raise',
      alarm: { severity: 'warning', ruleName: 'gate' },
    });
    expect(decision).not.toHaveProperty('announcement');
  });

  test('within the cooldown joins the alarm that stands and says nothing again', () => {
    const latest = raisedAlarm(decide());
    const again = crossingEvent(2, { capturedAtMs: captured + 9999 });
    expect(decide(again, { rule, latest })).toEqual({
      kind: 'join',
      alarm: { ...latest, repeats: 1, lastEventAtMs: captured + 9999, occurrence: 2 },
    });
  });

  test('after the cooldown calls again, counted from the raising and not from the last repeat', () => {
    const latest = { ...raisedAlarm(decide()), repeats: 4, lastEventAtMs: captured + 9999 };
    const again = crossingEvent(2, { capturedAtMs: captured + 10_000 });
    expect(decide(again, { rule, latest }, captured + 10_100)).toMatchObject({ kind: 'raise' });
  });

  test.each([
    ['that was sent late', crossingEvent(1, { historical: true }), captured + 500],
    ['that arrives 31 s after it happened', crossingEvent(1), captured + 31_000],
  ])('%s is filed as late and never speaks', (_name, event, nowMs) => {
    const decision = decide(event, { rule }, nowMs);
    expect(decision).toMatchObject({ kind: 'raise', alarm: { late: true } });
    expect(decision).not.toHaveProperty('announcement');
  });

  test.each([
    ['jumped a day', { why: 'jumped', aheadMs: 86_400_000 }, 0, false],
    ['stood in 1970', { why: 'implausible' }, captured + 500, false],
    ['is an hour behind', { why: 'differs', aheadMs: -3_600_000 }, captured + 3_600_500, false],
    [
      'is an hour behind, 31 s after',
      { why: 'differs', aheadMs: -3_600_000 },
      captured + 3_631_000,
      true,
    ],
    [
      'is an hour ahead, 31 s after',
      { why: 'differs', aheadMs: 3_600_000 },
      captured - 3_569_000,
      true,
    ],
  ] as const)(
    'of an edge whose clock %s is live or late by what is known',
    (_clock, clockSuspect, nowMs, late) => {
      const event = { ...crossingEvent(1), clockSuspect };
      expect(decide(event, { rule }, nowMs)).toMatchObject({ kind: 'raise', alarm: { late } });
    },
  );

  test('that is live never joins one that was late', () => {
    const latest = { ...raisedAlarm(decide()), late: true };
    const decision = decide(crossingEvent(2, { capturedAtMs: captured + 100 }), { rule, latest });
    expect(decision.kind).toBe('raise');
  });
});

test.each(['zone-left', 'camera-back'] as const)(
  '%s is kept as an event and calls nobody',
  (kind) => {
    const event = {
      ...crossingEvent(1),
      kind,
      staySeconds: 1,
      reason: '',
    } as unknown as ReturnType<typeof crossingEvent>;
    expect(decide(event)).toEqual({ kind: 'none' });
  },
);

describe('the life of an alarm', () => {
  const alarm = raisedAlarm(decide());

  test('goes from raised over acknowledged to closed with a reason', () => {
    const seen = acknowledge(alarm, 'li', 5);
    expect(seen).toMatchObject({
      ok: true,
      alarm: { state: 'acknowledged', acknowledgedBy: 'li' },
    });
    if (!seen.ok) return;
    expect(
      close(seen.alarm, { reason: 'false-alarm', note: 'a cat', by: 'li', atMs: 6 }),
    ).toMatchObject({
      ok: true,
      alarm: {
        state: 'closed',
        closeReason: 'false-alarm',
        closeNote: 'a cat',
        acknowledgedBy: 'li',
      },
    });
  });

  test('may end without an acknowledgement', () => {
    expect(close(alarm, { reason: 'handled', by: 'li', atMs: 6 }).ok).toBe(true);
  });

  test('cannot be acknowledged or closed twice', () => {
    const closed = close(alarm, { reason: 'handled', by: 'li', atMs: 6 });
    if (!closed.ok) throw new Error(closed.reason);
    expect(acknowledge(closed.alarm, 'wu', 7)).toEqual({
      ok: false,
      reason: 'the alarm is closed already',
    });
    expect(close(closed.alarm, { reason: 'other', by: 'wu', atMs: 7 }).ok).toBe(false);
  });
});
