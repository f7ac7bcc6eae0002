/** Which events get a video clip: those of rules that want one, and those that no rule has told. */
import { describe, expect, test } from 'vitest';
import type { CameraRules } from '../contract/rule.ts';
import type { EventDraft, RuleEvent } from '../contract/rule-event.ts';
import { crossingEvent } from '../testing/events.ts';
import { withClips } from './box-streams.ts';

const points: [number, number][] = [
  [0.2, 0.5],
  [0.8, 0.5],
];
const rules: CameraRules = {
  schemaVersion: 1,
  tripwires: [
    { ruleId: 'silent', points, clip: false },
    { ruleId: 'asked', points, clip: true },
    { ruleId: 'untold', points },
  ],
};

describe('the clip of an event', () => {
  test.each([
    ['silent', 0],
    ['asked', 1],
    ['untold', 1],
    ['changed-away', 1],
  ])('of the rule "%s" is asked for %i times', (ruleId, times) => {
    const taken: string[] = [];
    const kept: EventDraft[] = [];
    const event = crossingEvent(1, { ruleId });
    const uplink = withClips(
      {
        report: (draft: EventDraft) => {
          kept.push(draft);
          return event;
        },
      },
      { take: ({ eventId }: RuleEvent) => void taken.push(eventId) },
      { current: () => ({ version: 1, rules }) },
    );
    expect(uplink.report(event)).toBe(event);
    expect(kept).toHaveLength(1);
    expect(taken).toHaveLength(times);
  });
});
