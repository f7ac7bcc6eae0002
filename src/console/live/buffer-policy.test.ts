/** How the live picture stays near the present. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferOrder, retryDelayMs } from './buffer-policy.ts';

const view = (lagSeconds: number) => ({
  startSeconds: 100,
  endSeconds: 110,
  currentSeconds: 110 - lagSeconds,
});

describe('buffer policy', () => {
  it.each([
    ['plays on with a small lag', 0.4, false, { playbackRate: 1 }],
    ['hurries with a lag above 0.6 s', 0.7, false, { playbackRate: 1.1 }],
    ['goes on hurrying until the lag is really small', 0.4, true, { playbackRate: 1.1 }],
    ['stops hurrying then', 0.25, true, { playbackRate: 1 }],
    ['does not seek at 1.4 s', 1.4, false, { playbackRate: 1.1 }],
    ['jumps above 1.5 s', 1.6, true, { playbackRate: 1, seekToSeconds: 109.5 }],
  ])('%s', (_, lagSeconds, hurrying, order) => {
    expect(bufferOrder(view(lagSeconds), hurrying)).toEqual(order);
  });

  it('jumps into the buffer when it joins a stream that began long ago', () => {
    const joined = { startSeconds: 79.5, endSeconds: 79.6, currentSeconds: 0 };
    expect(bufferOrder(joined, false)).toEqual({ playbackRate: 1, seekToSeconds: 79.5 });
  });

  it('drops what is older than ten seconds once more than twenty are kept', () => {
    const long = { startSeconds: 0, endSeconds: 20.5, currentSeconds: 20.2 };
    expect(bufferOrder(long, false)).toEqual({ playbackRate: 1, removeBeforeSeconds: 10.5 });
  });

  it('never asks to play outside the buffer, nor to drop what it plays', () => {
    const seconds = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, seconds, fc.boolean(), (a, b, current, hurrying) => {
        const [startSeconds, endSeconds] = [Math.min(a, b), Math.max(a, b)];
        const order = bufferOrder({ startSeconds, endSeconds, currentSeconds: current }, hurrying);
        const plays = order.seekToSeconds ?? current;
        expect(plays).toBeGreaterThanOrEqual(startSeconds);
        expect(plays).toBeLessThanOrEqual(endSeconds);
        expect(order.removeBeforeSeconds ?? 0).toBeLessThanOrEqual(plays);
      }),
    );
  });

  it('waits half a second, then longer, and never more than five', () => {
    expect([0, 1, 2, 3, 4, 50].map(retryDelayMs)).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
  });
});
