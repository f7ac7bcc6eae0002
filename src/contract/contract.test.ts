/** The words that cross the wire: what is accepted, what is refused and with which sentence. */
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { crossingEvent } from '../testing/events.ts';
import { createCheck } from './check.ts';
import { checkRules } from './check-rules.ts';
import { fromCloudEvent, toCloudEvent } from './cloud-event.ts';
import { CameraRules } from './rule.ts';
import { RuleEvent } from './rule-event.ts';
import { readTopic, topicsOf } from './topics.ts';

describe('a rule event', () => {
  test('comes back from its envelope as it went in', () => {
    const event = crossingEvent(1);
    expect(fromCloudEvent(toCloudEvent(event))).toEqual({ ok: true, value: event });
  });

  test('is carried as a CloudEvents 1.0 structured message', () => {
    const event = crossingEvent(1);
    expect(JSON.parse(toCloudEvent(event))).toMatchObject({
      specversion: '1.0',
      id: event.eventId,
      source: '/edge/edge-1/camera/cam-1',
      type: 'cn.haoguanjia.tripwire-crossed.v1',
      time: '2027-01-15T08:00:00.000Z',
      datacontenttype: 'application/json',
    });
  });

  test('of a newer edge, with a field that is not known yet, is still understood', () => {
    const message = toCloudEvent({ ...crossingEvent(1), speed: 3 } as ReturnType<
      typeof crossingEvent
    >);
    expect(fromCloudEvent(message).ok).toBe(true);
  });

  test.each([
    ['no JSON', '{', /no JSON/],
    ['a number', '5', /must be object/],
    ['an envelope without data', '{"specversion":"1.0"}', /required property/],
  ])('%s is refused with a reason', (_name, message, reason) => {
    const read = fromCloudEvent(message);
    expect(read).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('whose envelope has another id is refused', () => {
    const message = toCloudEvent(crossingEvent(1)).replace(
      crossingEvent(1).eventId,
      crossingEvent(2).eventId,
    );
    expect(fromCloudEvent(message)).toMatchObject({ ok: false, reason: /different ids/ });
  });

  test('blames the branch of its own kind', () => {
    const check = createCheck(RuleEvent);
    const { direction: _, ...lame } = crossingEvent(1);
    expect(check(lame)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("'direction'"),
    });
    expect(check({ ...crossingEvent(1), confidence: 2 })).toMatchObject({
      ok: false,
      reason: 'confidence must be <= 1',
    });
  });
});

describe('topics', () => {
  const topics = topicsOf('edge-1');
  test.each([
    [topics.event('cam-1'), { kind: 'event', edgeId: 'edge-1', cameraId: 'cam-1' }],
    [topics.rules('cam-1'), { kind: 'rules', edgeId: 'edge-1', cameraId: 'cam-1' }],
    [topics.ack, { kind: 'ack', edgeId: 'edge-1' }],
    [topics.health, { kind: 'health', edgeId: 'edge-1' }],
    [topics.status, { kind: 'status', edgeId: 'edge-1' }],
    [topics.snapshot('x'), { kind: 'snapshot', edgeId: 'edge-1', eventId: 'x' }],
  ])('%s is read as it was written', (topic, place) => {
    expect(readTopic(topic)).toEqual(place);
  });

  test.each([
    'haoguanjia/v1/Edge/health',
    'haoguanjia/v1/edge-1/event',
    'haoguanjia/v1/edge-1/event/a/b',
    'haoguanjia/v1/edge-1/event/+',
    'haoguanjia/v2/edge-1/health',
    'other/v1/edge-1/health',
  ])('%s is none of ours', (topic) => {
    expect(readTopic(topic)).toBeUndefined();
  });

  test.each(['#', '+', 'a/b', '', 'Edge', 'x'.repeat(33)])(
    'the id "%s" never enters a topic',
    (id) => {
      expect(() => topicsOf(id)).toThrow(RangeError);
    },
  );
});

test('an unknown field of a rule is named, so that a slip of the pen is found', () => {
  const check = createCheck(CameraRules);
  const tripwire = {
    ruleId: 'gate',
    points: [
      [0, 0],
      [1, 1],
    ],
    deadBandHeight: 0.1,
  };
  expect(check({ schemaVersion: 1, tripwires: [tripwire] })).toMatchObject({
    ok: false,
    reason: 'tripwires/0 has an unknown field "deadBandHeight"',
  });
});

test('a check of a plain schema names the place of the fault', () => {
  const check = createCheck(Type.Object({ a: Type.Object({ b: Type.Integer() }) }));
  expect(check({ a: { b: 'x' } })).toEqual({
    ok: false,
    path: '/a/b',
    reason: 'a/b must be integer',
  });
});

describe('rules', () => {
  const points = [
    [0.1, 0.5],
    [0.9, 0.5],
  ];
  const corners = [...points, [0.5, 0.9]];
  const night = { periods: [{ days: [6, 7], from: '22:00', to: '06:00' }] };

  test.each([
    [
      'as they stood in the first rules files',
      {
        tripwires: [{ ruleId: 'right-gate', points, direction: 'both' }],
        zones: [{ ruleId: 'table', points: corners, dwellSeconds: 8 }],
        watchPoints: [
          {
            ruleId: 'road-corner',
            centre: [0.5, 0.5],
            radiusOfHeight: 0.0764,
            passes: 3,
            windowSeconds: 600,
          },
        ],
      },
    ],
    ['at night', { zones: [{ ruleId: 'table', points: corners, schedule: night }] }],
    ['with a privacy mask', { privacyMasks: [{ ruleId: 'windows', points: corners }] }],
    ['of two wires', { tripwires: [{ ruleId: 'gate', points, secondWire: { points } }] }],
  ])('%s are accepted', (_name, rules) => {
    expect(checkRules({ schemaVersion: 1, ...rules })).toMatchObject({ ok: true });
  });

  test.each([
    [
      'a time zone that is none',
      { schedule: { ...night, timeZone: 'Asia/Bejing' } },
      'rule "gate": there is no time zone "Asia/Bejing"; write one like Asia/Shanghai',
    ],
    [
      'two wires that no interval joins',
      { secondWire: { points, leastSeconds: 20, mostSeconds: 10 } },
      'tripwire "gate": between its two wires lie at least 20 s and at most 10 s, which never happens; raise mostSeconds',
    ],
    [
      'a second wire of one place',
      { secondWire: { points: [points[0], points[0]] } },
      'tripwire "gate" has two points at the same place; draw it again',
    ],
  ])('with %s are refused', (_name, extra, reason) => {
    const rules = { schemaVersion: 1, tripwires: [{ ruleId: 'gate', points, ...extra }] };
    expect(checkRules(rules)).toMatchObject({ ok: false, reason });
  });

  test.each([
    [
      'without area',
      { ruleId: 'mask-1', points: [...points, points[0]] },
      'privacy mask "mask-1" has no area; draw it again',
    ],
    [
      'called as a rule is',
      { ruleId: 'gate', points: corners },
      'two rules are called "gate"; give each its own id',
    ],
  ])('with a privacy mask %s are refused', (_name, mask, reason) => {
    const tripwires = [{ ruleId: 'gate', points }];
    const rules = { schemaVersion: 1, tripwires, privacyMasks: [mask] };
    expect(checkRules(rules)).toMatchObject({ ok: false, reason });
  });

  test.each(['24:00', '7:00', '12:60'])('with the time of day %s are refused', (from) => {
    const schedule = { periods: [{ from, to: '06:00' }] };
    const rules = { schemaVersion: 1, zones: [{ ruleId: 'table', points: corners, schedule }] };
    expect(checkRules(rules).ok).toBe(false);
  });
});
