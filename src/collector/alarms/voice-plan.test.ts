/** What the lane hears the first time, again, the third time, and at night. */
import { describe, expect, test } from 'vitest';
import type { RuleResponse } from '../../contract/rule-response.ts';
import { crossingEvent } from '../../testing/events.ts';
import type { AlarmContext } from '../store/store.ts';
import type { Alarm } from './alarm.ts';
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
  let latest: Alarm | undefined;
  let ids = 0;
  return orders(
    response,
    seconds,
    startMs,
    () => latest,
    (alarm) => {
      latest = alarm;
      ids += 1;
      return `id-${ids}`;
    },
  ).map((order) => (order?.announcement.kind === 'speech' ? order.announcement.text : undefined));
}

function orders(
  response: RuleResponse,
  seconds: readonly number[],
  startMs: number,
  latestOf: () => Alarm | undefined,
  remember: (alarm: Alarm) => string,
) {
  const points = [[0, 0] as [number, number], [1, 1] as [number, number]];
  return seconds.map((second, index) => {
    const capturedAtMs = startMs + second * 1000;
    const latest = latestOf();
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
    if (decision.kind !== 'none') remember(decision.alarm);
    return decision.kind === 'raise' ? decision.announcement : undefined;
  });
}

const once = (response: RuleResponse, startMs: number) =>
  orders(
    response,
    [0],
    startMs,
    () => undefined,
    () => '',
  )[0];

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
    expect(saidAt(plan, [0, 5, 20])).toEqual(['first', undefined, 'third']);
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
