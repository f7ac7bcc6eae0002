/** Changing one field of a rule; `undefined` takes the field away, as the contract wants it absent rather than empty. Pure. */

import type { Tripwire } from '../../contract/rule.ts';
import type { RuleResponse } from '../../contract/rule-response.ts';
import type { SchedulePeriod } from '../../contract/schedule.ts';
import type { Drawn, DrawnRule } from './drawn-rule.ts';

export function withField<Whole extends object, Key extends keyof Whole>(
  whole: Whole,
  key: Key,
  value: Whole[Key] | undefined,
): Whole {
  const changed = { ...whole };
  if (value === undefined) delete changed[key];
  else changed[key] = value;
  return changed;
}

export function ruleNamed(drawn: Drawn, name: string | undefined): Drawn {
  switch (drawn.kind) {
    case 'tripwire':
      return { ...drawn, rule: withField(drawn.rule, 'name', name) };
    case 'zone':
      return { ...drawn, rule: withField(drawn.rule, 'name', name) };
    case 'mask':
      return { ...drawn, rule: withField(drawn.rule, 'name', name) };
    case 'watch-point':
      return { ...drawn, rule: withField(drawn.rule, 'name', name) };
    default:
      return drawn satisfies never;
  }
}

export function ruleAnswering(drawn: DrawnRule, response: RuleResponse): DrawnRule {
  switch (drawn.kind) {
    case 'tripwire':
      return { ...drawn, rule: { ...drawn.rule, response } };
    case 'zone':
      return { ...drawn, rule: { ...drawn.rule, response } };
    case 'watch-point':
      return { ...drawn, rule: { ...drawn.rule, response } };
    default:
      return drawn satisfies never;
  }
}

type CommonFields = Pick<Tripwire, 'labels' | 'leastConfidence' | 'schedule' | 'clip'>;

/** Fields that every kind of rule has. */
export function ruleWith(
  drawn: DrawnRule,
  fields: Readonly<{ [Key in keyof CommonFields]?: CommonFields[Key] | undefined }>,
): DrawnRule {
  switch (drawn.kind) {
    case 'tripwire':
      return { ...drawn, rule: withFields(drawn.rule, fields) };
    case 'zone':
      return { ...drawn, rule: withFields(drawn.rule, fields) };
    case 'watch-point':
      return { ...drawn, rule: withFields(drawn.rule, fields) };
    default:
      return drawn satisfies never;
  }
}

/** The first period of the rule's schedule. */
export function rulePeriod(drawn: DrawnRule): SchedulePeriod | undefined {
  return drawn.rule.schedule?.periods[0];
}

/** Changes the first period; every day all day is no schedule at all, unless there are further periods. */
export function withPeriod(drawn: DrawnRule, period: SchedulePeriod): DrawnRule {
  const { schedule } = drawn.rule;
  const others = schedule?.periods.slice(1) ?? [];
  const isAlways = period.days === undefined && period.from === period.to;
  if (isAlways && others.length === 0) return ruleWith(drawn, { schedule: undefined });
  return ruleWith(drawn, { schedule: { ...schedule, periods: [period, ...others] } });
}

function withFields<Whole extends object>(
  whole: Whole,
  fields: Readonly<{ [Key in keyof Whole]?: Whole[Key] | undefined }>,
): Whole {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const kept = Object.entries(whole).filter(([key]) => !(key in fields));
  return Object.fromEntries([...kept, ...given]) as Whole;
}
