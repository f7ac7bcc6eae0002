/** What the street did after a warning stands with the alarm, and may make it call again. */
import { describe, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import type { Alarm } from './alarm.ts';
import { decideAlarm } from './alarms.ts';
import { type Warned, type WarningAnswer, watchFor } from './warning.ts';

const captured = 1_800_000_000_000;
const points: [number, number][] = [
  [0, 0],
  [1, 1],
];
const alarm = (changes: Partial<Alarm> = {}, escalateIfStillThere = true): Alarm => ({
  alarmId: 'alarm',
  state: 'raised',
  severity: 'warning',
  cameraId: 'cam-1',
  ruleName: 'gate',
  raisedAtMs: captured,
  event: crossingEvent(1),
  repeats: 0,
  lastEventAtMs: captured,
  late: false,
  rule: {
    kind: 'tripwire',
    tripwire: { ruleId: 'gate', points, response: { escalateIfStillThere } },
  },
  ...changes,
});
const answer = (changes: Partial<WarningAnswer> = {}): WarningAnswer => ({
  kind: 'warning-answered',
  schemaVersion: 1,
  eventId: '01890000-0000-7000-8000-000000000900',
  edgeId: 'edge-1',
  sequence: 900,
  cameraId: 'cam-1',
  capturedAtMs: captured + 30_000,
  mediaTimeMs: 0,
  historical: false,
  warnedEventId: crossingEvent(1).eventId,
  outcome: 'still-there',
  afterSeconds: 30,
  ...changes,
});
const decide = (event: WarningAnswer, warned?: Warned, nowMs = captured + 30_200) =>
  decideAlarm({
    event,
    context: warned === undefined ? {} : { warned },
    nowMs,
    newId: () => 'id',
  });

describe('the answer to a warning', () => {
  test('stands with its alarm and calls nobody when the person left', () => {
    const left = answer({ outcome: 'left', afterSeconds: 12 });
    expect(decide(left, { alarm: alarm(), announcement: 'sent' })).toEqual({
      kind: 'answer',
      alarm: { ...alarm(), warning: { outcome: 'left', afterSeconds: 12 } },
      callsAgain: false,
    });
  });

  test.each([
    ['information', 'warning'],
    ['warning', 'emergency'],
    ['emergency', 'emergency'],
  ] as const)('makes an alarm of %s one of %s and calls again, who is still there', (from, to) => {
    const seen = { state: 'acknowledged', acknowledgedBy: 'li', acknowledgedAtMs: 5 } as const;
    const decision = decide(answer(), {
      alarm: alarm({ severity: from, ...seen }),
      announcement: 'played',
    });
    expect(decision).toMatchObject({
      kind: 'answer',
      callsAgain: true,
      alarm: {
        state: 'raised',
        severity: to,
        warning: { outcome: 'still-there', afterSeconds: 30, escalated: true },
      },
    });
    expect(decision).not.toHaveProperty('alarm.acknowledgedBy');
  });

  test.each<[string, WarningAnswer, Alarm, number?]>([
    ['the rule does not ask for it', answer(), alarm({}, false)],
    ['the alarm is closed', answer(), alarm({ state: 'closed' })],
    ['the answer was sent late', answer({ historical: true }), alarm()],
    ['the answer arrives late', answer(), alarm(), captured + 61_000],
    ['nobody knows', answer({ outcome: 'unknown', reason: 'offline' }), alarm()],
  ])('calls nobody when %s', (_name, event, standing, nowMs) => {
    const decision = decide(event, { alarm: standing, announcement: 'sent' }, nowMs);
    expect(decision).toMatchObject({
      kind: 'answer',
      callsAgain: false,
      alarm: { state: standing.state, severity: 'warning', warning: { outcome: event.outcome } },
    });
  });

  test.each<[string, WarningAnswer, Warned | undefined]>([
    ['of an alarm that is not there', answer(), undefined],
    ['of one that said nothing', answer(), { alarm: alarm() }],
    ['of one whose speaker was busy', answer(), { alarm: alarm(), announcement: 'busy' }],
    ['of one that was kept silent', answer(), { alarm: alarm(), announcement: 'withheld' }],
    ['by another edge', answer({ edgeId: 'edge-2' }), { alarm: alarm(), announcement: 'sent' }],
    ['about another camera', answer({ cameraId: 'x' }), { alarm: alarm(), announcement: 'sent' }],
    [
      'that comes a second time',
      answer(),
      { alarm: alarm({ warning: { outcome: 'left', afterSeconds: 1 } }), announcement: 'sent' },
    ],
  ])('%s changes nothing', (_name, event, warned) => {
    expect(decide(event, warned)).toEqual({ kind: 'none' });
  });
});

test('a person is watched for half a minute; a dark camera and what comes late ask for nothing', () => {
  const { eventId, capturedAtMs } = crossingEvent(1);
  expect(watchFor(alarm())).toEqual({
    kind: 'watch-leaving',
    ...{ eventId, cameraId: 'cam-1', ruleId: 'gate', trackId: 7, personId: 7, capturedAtMs },
    forSeconds: 30,
  });
  expect(watchFor(alarm({ late: true }))).toBeUndefined();
  const { cameraId, sequence, edgeId, mediaTimeMs, historical, schemaVersion } = crossingEvent(1);
  const facts = { eventId, cameraId, sequence, edgeId, mediaTimeMs, historical, schemaVersion };
  const event = { kind: 'camera-offline', reason: 'x', capturedAtMs, ...facts } as const;
  expect(watchFor({ event, late: false })).toBeUndefined();
});
