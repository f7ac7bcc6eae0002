/** Changing one field of a rule; `undefined` takes the field away, as the contract wants it absent rather than empty. Pure. */
import type { RuleResponse } from '../../contract/rule.ts';
import type { DrawnRule } from './drawn-rule.ts';

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

export function ruleNamed(drawn: DrawnRule, name: string | undefined): DrawnRule {
  switch (drawn.kind) {
    case 'tripwire':
      return { ...drawn, rule: withField(drawn.rule, 'name', name) };
    case 'zone':
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
