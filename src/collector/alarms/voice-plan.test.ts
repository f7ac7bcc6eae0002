/** What the lane hears the first time, again, the third time, and at night. */
import { describe, expect, test } from 'vitest';
import type { RuleEvent } from '../../contract/rule-event.ts';
import type { RuleResponse } from '../../contract/rule-response.ts';
import { crossingEvent } from '../../testing/events.ts';
import type { AlarmContext, AlarmDecision } from '../store/store.ts';
import type { Alarm, AnnouncementOrder } from './alarm.ts';
import { decideAlarm } from './alarms.ts';

const text = (said: string) => ({ kind: 'speech', text: said, language: 'zh-CN' }) as const;
/** 18:00 in China. */
const evening = 1_795_514_400_000;
const hour = 3_600_000;
const quiet = (manner: 'softer' | 'operator-only') => ({
  manner,
  schedule: { periods: [{ from: '22:00', to: '06:00' }] },
});

/** The crossings of one rule at these seconds, and what each made the speaker say. */
function saidAt(
  response: RuleResponse,
  seconds: readonly number[],
  startMs = evening,
): readonly (string | undefined)[] {
  return decided(response, seconds, startMs).map((decision) => {
    const said = decision.kind === 'raise' ? decision.announcement?.announcement : undefined;
    return said?.kind === 'speech' ? said.text : undefined;
  });
}

const kindsAt = (...crossings: Parameters<typeof decided>): readonly AlarmDecision['kind'][] =>
  decided(...crossings).map(({ kind }) => kind);

function decided(
  response: RuleResponse,
  seconds: readonly number[],
  startMs: number,
): readonly AlarmDecision[] {
  let latest: Alarm | undefined;
  const points = [[0, 0] as [number, number], [1, 1] as [number, number]];
  return seconds.map((second, index) => {
    const capturedAtMs = startMs + second * 1000;
    const context: AlarmContext = {
      rule: { kind: 'tripwire', rule: { ruleId: 'gate', points, response } },
      ...(latest === undefined ? {} : { latest }),
    };
    const decision = decideAlarm({
      event: crossingEvent(index + 1, { capturedAtMs }),
      context,
      speakerId: 'horn',
      nowMs: capturedAtMs + 100,
      newId: () => `id-${index}`,
    });
    if (decision.kind !== 'none') latest = decision.alarm;
    return decision;
  });
}

function once(response: RuleResponse, startMs: number): AnnouncementOrder | undefined {
  const [decision] = decided(response, [0], startMs);
  return decision?.kind === 'raise' ? decision.announcement : undefined;
}

/** Somebody who has passed so often. */
function passingEvent(passes: number, capturedAtMs: number): RuleEvent {
  const { direction: _, ...sighting } = crossingEvent(1, { capturedAtMs });
  const pass = {
    trackId: 7,
    startedAtMs: capturedAtMs,
    link: 'certain',
    mediaTimeMs: 0,
  } as const;
  return {
    ...sighting,
    kind: 'pass-loitering',
    passes: Array.from({ length: passes }, () => pass),
  };
}

const plan: RuleResponse = {
  cooldownSeconds: 10,
  announcement: text('first'),
  voice: { again: text('again'), third: text('third') },
};

describe('a rule', () => {
  test('says one thing first, another again, and a third from the third time on', () => {
    expect(saidAt(plan, [0, 20, 40, 60])).toEqual(['first', 'again', 'third', 'third']);
  });

  test('counts crossings that joined an alarm in silence', () => {
    const { voice: _, ...first } = plan;
    const response = { ...first, voice: { third: text('third') } };
    expect(saidAt(response, [0, 5, 20])).toEqual(['first', undefined, 'third']);
  });

  test('says what comes next even within the cooldown of what it said before, and each step once', () => {
    expect(saidAt(plan, [0, 3, 6, 9, 12])).toEqual([
      'first',
      'again',
      'third',
      undefined,
      undefined,
    ]);
    expect(saidAt({ ...plan, cooldownSeconds: 300 }, [0, 20, 40, 60, 290])).toEqual([
      'first',
      'again',
      'third',
      undefined,
      undefined,
    ]);
    // Without other words for it, again is no news.
    const { voice: _, ...first } = plan;
    expect(saidAt(first, [0, 3, 6])).toEqual(['first', undefined, undefined]);
  });

  test('does not call anew within the cooldown when the operator alone would be called', () => {
    const voice = { ...plan.voice, quiet: quiet('operator-only') };
    expect(kindsAt({ ...plan, voice }, [0, 3, 6], evening + 5 * hour)).toEqual([
      'raise',
      'join',
      'join',
    ]);
    expect(kindsAt({ ...plan, voice }, [0, 3, 6], evening)).toEqual(['raise', 'raise', 'raise']);
  });

  test('says the third pass of one person within the cooldown of another person who passed twice', () => {
    const centre: [number, number] = [0.5, 0.5];
    const rule = { ruleId: 'gate', centre, radiusOfHeight: 0.1, response: plan };
    const decide = (event: RuleEvent, latest: AlarmContext) =>
      decideAlarm({
        event,
        context: { rule: { kind: 'watch-point', rule }, ...latest },
        speakerId: 'horn',
        nowMs: event.capturedAtMs,
        newId: () => 'id',
      });
    const twice = decide(passingEvent(2, evening), {});
    if (twice.kind !== 'raise') throw new Error('it did not call');
    expect(twice.announcement?.announcement).toEqual(text('again'));
    expect(decide(passingEvent(3, evening + 5000), { latest: twice.alarm })).toMatchObject({
      kind: 'raise',
      announcement: { announcement: text('third') },
    });
  });

  test('begins anew when its time is over', () => {
    expect(saidAt(plan, [0, 20, 700])).toEqual(['first', 'again', 'first']);
    const short = { ...plan, voice: { ...plan.voice, withinSeconds: 30 } };
    expect(saidAt(short, [0, 20, 40])).toEqual(['first', 'again', 'first']);
  });

  test.each<[string, RuleResponse, readonly (string | undefined)[]]>([
    ['only a first', { announcement: text('first') }, ['first', 'first', 'first']],
    ['only a third', { voice: { third: text('third') } }, [undefined, undefined, 'third']],
    [
      'a first and an again',
      { announcement: text('first'), voice: { again: text('again') } },
      ['first', 'again', 'again'],
    ],
  ])('with %s says what it has', (_what, response, said) => {
    expect(saidAt(response, [0, 20, 40])).toEqual(said);
  });

  test('says it as often as it should', () => {
    const response = { announcement: text('first'), voice: { times: 3 } };
    expect(once(response, evening)).toMatchObject({ times: 3 });
  });
});

describe('at night', () => {
  const night = evening + 5 * hour;

  test('it is said softer, and by day at the usual loudness', () => {
    const response = { announcement: text('first'), voice: { quiet: quiet('softer') } };
    expect(once(response, night)).toMatchObject({ gainDb: -12 });
    expect(once(response, evening)).not.toHaveProperty('gainDb');
  });

  test('the operator alone is called', () => {
    const response = { announcement: text('first'), voice: { quiet: quiet('operator-only') } };
    expect(once(response, night)).toBeUndefined();
    expect(once(response, evening)).toMatchObject({ speakerId: 'horn' });
  });

  test.each(['softer', 'operator-only'] as const)('an emergency is said aloud (%s)', (manner) => {
    const voice = { quiet: quiet(manner) };
    const order = once({ severity: 'emergency', announcement: text('first'), voice }, night);
    expect(order).toMatchObject({ severity: 'emergency' });
    expect(order).not.toHaveProperty('gainDb');
  });
});
