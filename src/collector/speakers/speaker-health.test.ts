import { describe, expect, test } from 'vitest';
import type { Outcome, Probe } from './speaker.ts';
import { afterHeard, afterResult, isOverdue, newHealth } from './speaker-health.ts';

const dayMs = 24 * 60 * 60 * 1000;
const reason = 'because';

describe('the health of a speaker', () => {
  test.each<readonly [Probe | Outcome, string, boolean]>([
    [{ kind: 'ready' }, 'ready', true],
    [{ kind: 'answered' }, 'ready', true],
    [{ kind: 'played' }, 'ready', true],
    [{ kind: 'busy', reason }, 'ready', true],
    [{ kind: 'unproven' }, 'unproven', false],
    [{ kind: 'sent' }, 'unproven', false],
    [{ kind: 'unreachable', reason }, 'unreachable', false],
    [{ kind: 'refused', reason }, 'refused', false],
    [{ kind: 'failed', reason }, 'unknown', false],
    [{ kind: 'stopped' }, 'unknown', false],
  ])('after %j is %s; proven: %s', (result, state, proven) => {
    const health = afterResult(newHealth(1), result, 5);
    expect(health.state).toBe(state);
    expect(health.provenAtMs).toBe(proven ? 5 : undefined);
    expect(health.reason).toBe(state === 'unreachable' || state === 'refused' ? reason : undefined);
  });

  test('counts a state from its beginning and forgets the reason that has passed', () => {
    const gone = afterResult(newHealth(1), { kind: 'unreachable', reason }, 5);
    expect(afterResult(gone, { kind: 'unreachable', reason: 'other' }, 9)).toMatchObject({
      stateSinceMs: 5,
      reason: 'other',
    });
    const back = afterResult(gone, { kind: 'ready' }, 9);
    expect(back).toEqual({ state: 'ready', stateSinceMs: 9, knownSinceMs: 1, provenAtMs: 9 });
  });

  test('is flagged a day after its last proof, or after it was first known', () => {
    const paging = afterResult(newHealth(0), { kind: 'sent' }, dayMs);
    expect(isOverdue(paging, dayMs)).toBe(false);
    expect(isOverdue(paging, dayMs + 1)).toBe(true);
    expect(isOverdue(afterHeard(paging, dayMs), 2 * dayMs)).toBe(false);
    expect(isOverdue(afterHeard(paging, dayMs), 2 * dayMs + 1)).toBe(true);
  });
});
