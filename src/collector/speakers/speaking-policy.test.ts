import { describe, expect, test } from 'vitest';
import type { Severity } from '../../contract/rule-response.ts';
import { createSpeakingPolicy } from './speaking-policy.ts';

const said = (text: string, severity: Severity = 'warning') => ({
  announcement: { kind: 'speech', text, language: 'en' } as const,
  severity,
});
/** Noon and half past eleven at night in Shanghai. */
const noon = Date.UTC(2026, 10, 24, 4);
const night = Date.UTC(2026, 10, 24, 15, 30);

describe('a speaker keeps silent', () => {
  const quietHours = { periods: [{ from: '22:00', to: '06:00' }] };

  test('in its quiet hours, but not about an emergency', () => {
    const policy = createSpeakingPolicy({ quietHours });
    expect(policy.holdBack(said('a'), noon)).toBeUndefined();
    expect(policy.holdBack(said('a'), night)).toContain('quiet hours');
    expect(policy.holdBack(said('a', 'emergency'), night)).toBeUndefined();
  });

  test('when it said the same a moment ago, but not about something else', () => {
    const policy = createSpeakingPolicy({ cooldownSeconds: 20 });
    expect(policy.holdBack(said('a'), noon)).toBeUndefined();
    expect(policy.holdBack(said('a'), noon + 19_999)).toContain('less than 20 s ago');
    expect(policy.holdBack(said('a', 'emergency'), noon + 5000)).toBeUndefined();
    expect(policy.holdBack(said('b'), noon + 6000)).toBeUndefined();
    expect(policy.holdBack(said('b'), noon + 26_000)).toBeUndefined();
  });

  test('never without such settings', () => {
    const policy = createSpeakingPolicy({});
    expect(policy.holdBack(said('a'), night)).toBeUndefined();
    expect(policy.holdBack(said('a'), night)).toBeUndefined();
  });
});
