/** Both languages say everything. */
import { describe, expect, it } from 'vitest';
import { AlarmState, AnnouncementState, CloseReason } from '../../contract/console-api.ts';
import { CameraState } from '../../contract/edge-report.ts';
import { RuleEvent } from '../../contract/rule-event.ts';
import { Severity } from '../../contract/rule-response.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

/** Every word with its place: functions are spoken with the figure 7, twice if they take two, or with names. */
function words(dictionary: object, place = ''): readonly (readonly [string, string])[] {
  return Object.entries(dictionary).flatMap(([key, word]: [string, unknown]) => {
    const here = `${place}/${key}`;
    if (typeof word === 'function') return [[here, spoken(word as Spoken)] as const];
    if (typeof word === 'object' && word !== null) return words(word, here);
    return [[here, String(word)] as const];
  });
}

type Spoken = (...given: unknown[]) => unknown;

function spoken(word: Spoken): string {
  try {
    return String(word(7, 7));
  } catch {
    // It lists names.
    return String(word(['7'], ['7']));
  }
}

const chinese = /\p{Script=Han}/u;
const literals = (union: { anyOf: readonly { const: string }[] }): readonly string[] =>
  union.anyOf.map((one) => one.const);

describe('dictionary', () => {
  it('has the same places in both languages', () => {
    expect(words(en).map(([place]) => place)).toEqual(words(zh).map(([place]) => place));
  });

  it('leaves nothing empty and puts figures where they belong', () => {
    for (const [place, word] of [...words(zh), ...words(en)]) {
      expect(word.trim(), place).not.toBe('');
      expect(word, place).not.toContain('undefined');
    }
  });

  it('speaks no Chinese in English, but for the name of the other language', () => {
    const mixed = words(en).filter(([place, word]) => place !== '/language' && chinese.test(word));
    expect(mixed).toEqual([]);
  });

  it.each([
    ['severity', literals(Severity)],
    ['alarmState', literals(AlarmState)],
    ['closeReason', literals(CloseReason)],
    ['announcement', literals(AnnouncementState)],
    ['cameraState', literals(CameraState)],
  ] as const)('has a word for every %s of the contract', (group, kinds) => {
    expect(Object.keys(zh[group]).sort()).toEqual([...kinds].sort());
  });

  it('has a word for every kind of event', () => {
    const kinds = RuleEvent.anyOf.map((one) => one.properties.kind.const);
    for (const kind of kinds) expect(zh.event[kind], kind).toMatch(chinese);
  });
});
