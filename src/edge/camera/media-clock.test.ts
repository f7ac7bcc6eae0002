/** Media time and capture time of frames. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMediaClock } from './media-clock.ts';

const wallAtStart = 1_700_000_000_000;
const moment = (monotonicMs: number) => ({ monotonicMs, wallMs: wallAtStart + monotonicMs });

describe('the media clock', () => {
  test('starts at 0 and follows the stream, not the arrivals', () => {
    const clock = createMediaClock();
    const times = [3300, 3400, 3500].map(
      (streamTime, index) => clock.stamp(streamTime, moment(50 + index * 130)).mediaTimeMs,
    );
    expect(times).toEqual([0, 100, 200]);
  });

  test('goes on by the time that passed when a new connection has a new origin', () => {
    const clock = createMediaClock();
    clock.stamp(90_000, moment(0));
    clock.stamp(90_100, moment(100));
    clock.reconnect();
    expect(clock.stamp(0, moment(7100)).mediaTimeMs).toBe(7100);
    expect(clock.stamp(40, moment(7140)).mediaTimeMs).toBe(7140);
  });

  test.each([
    { jump: 600_000, what: 'far forward' },
    { jump: -600_000, what: 'back' },
    { jump: 0, what: 'not at all' },
  ])('goes on by the time that passed when the timestamps go $what', ({ jump }) => {
    const clock = createMediaClock();
    clock.stamp(1_000_000, moment(0));
    expect(clock.stamp(1_000_000 + jump, moment(100)).mediaTimeMs).toBe(100);
  });

  test('counts the time that passed for a stream without timestamps', () => {
    const clock = createMediaClock();
    clock.stamp(undefined, moment(10));
    expect(clock.stamp(undefined, moment(110)).mediaTimeMs).toBe(100);
  });

  test('takes the jitter of arrival out of the capture time', () => {
    const clock = createMediaClock();
    const delays = [20, 5, 90, 40, 5, 60, 200, 5];
    const captured = delays.map(
      (delay, index) => clock.stamp(index * 100, moment(index * 100 + delay)).capturedAtMs,
    );
    const late = captured.slice(1).map((at, index) => at - wallAtStart - (index + 1) * 100);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...late)).toBeLessThanOrEqual(7);
  });

  test('never goes back and never captures after arrival, whatever the stream says', () => {
    const event = fc.record({
      streamTime: fc.option(fc.integer({ min: -1_000_000, max: 1_000_000 }), { nil: undefined }),
      passed: fc.integer({ min: 0, max: 20_000 }),
      reconnects: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const clock = createMediaClock();
        let [now, media, captured] = [0, -1, 0];
        for (const { streamTime, passed, reconnects } of events) {
          now += passed;
          if (reconnects) clock.reconnect();
          const times = clock.stamp(streamTime, moment(now));
          expect(times.mediaTimeMs).toBeGreaterThan(media);
          expect(times.capturedAtMs).toBeGreaterThanOrEqual(captured);
          expect(times.capturedAtMs).toBeLessThanOrEqual(wallAtStart + now + 1);
          media = times.mediaTimeMs;
          captured = times.capturedAtMs;
        }
      }),
    );
  });
});
