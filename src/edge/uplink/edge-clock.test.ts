/** The box's clock: what is marked when it is set, and that ages do not follow it. */
import { describe, expect, test } from 'vitest';
import { createEdgeClock } from './edge-clock.ts';

const noon = Date.UTC(2026, 5, 1, 12);
const [hour, day, minute] = [3_600_000, 86_400_000, 60_000];

function clockAt(wallMs: number, lastSeenMs?: number) {
  const state = { wallMs, steadyMs: 1000 };
  const clock = createEdgeClock(
    { wallMs: () => state.wallMs, steadyMs: () => state.steadyMs },
    lastSeenMs,
  );
  const pass = (ms: number): void => {
    state.wallMs += ms;
    state.steadyMs += ms;
  };
  const set = (ms: number): void => {
    state.wallMs += ms;
  };
  return { clock, pass, set };
}

describe('the clock of a box', () => {
  test('that only goes on, trimmed by less than two seconds at a time, is believed', () => {
    const { clock, pass, set } = clockAt(noon, noon - day);
    for (let round = 0; round < 10; round += 1) {
      pass(minute);
      set(1500);
      expect(clock.read()).not.toHaveProperty('clockSuspect');
    }
  });

  test.each([
    ['a day forward', day],
    ['an hour back', -hour],
    ['an hour forward, as summer time does where it is told wrong', hour],
  ])('that is set %s marks what happens in the next quarter of an hour', (_what, ms) => {
    const { clock, pass, set } = clockAt(noon);
    const before = clock.read();
    pass(500);
    set(ms);
    const after = clock.read();
    expect(after.clockSuspect).toEqual({ why: 'jumped', aheadMs: ms });
    expect(after.agedMs - before.agedMs).toBe(500);
    expect(after.wallMs - before.wallMs).toBe(ms + 500);
    pass(14 * minute);
    expect(clock.read().clockSuspect).toBeDefined();
    pass(2 * minute);
    expect(clock.read().clockSuspect).toBeUndefined();
  });

  test('that wakes up in 1970 says so until it is set right, and then that it was', () => {
    const { clock, pass, set } = clockAt(5000);
    expect(clock.read().clockSuspect).toEqual({ why: 'implausible' });
    pass(minute);
    set(noon);
    expect(clock.read().clockSuspect).toEqual({ why: 'jumped', aheadMs: noon });
  });

  test('that stands before a time which was seen before the start is not believed either', () => {
    expect(clockAt(noon - hour, noon).clock.read().clockSuspect).toEqual({
      why: 'jumped',
      aheadMs: -hour,
    });
  });

  test('marks what was stored before it was set, and nothing that came after', () => {
    const { clock, pass, set } = clockAt(noon);
    const { agedMs } = clock.read();
    expect(clock.setSince(agedMs)).toBeUndefined();
    pass(500);
    set(day);
    expect(clock.setSince(agedMs)).toEqual({ why: 'jumped', aheadMs: -day });
    pass(500);
    expect(clock.setSince(clock.read().agedMs)).toBeUndefined();
  });
});
