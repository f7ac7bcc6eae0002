/** What the lane hears of packets that come unevenly; a packet's first byte is its number. */
import { expect, test } from 'vitest';
import { createLivePackets } from './live-packets.ts';

const silence = new Uint8Array([0]);

function speech() {
  const packets = createLivePackets(silence);
  let added = 0;
  const add = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      added += 1;
      packets.add(new Uint8Array([added]));
    }
  };
  const next = (): number | 'end' | undefined => {
    const payload = packets.next();
    return typeof payload === 'object' ? payload[0] : payload;
  };
  /** How many 20 ms the newest packet is ahead of what leaves now. */
  const lag = (): number => added - Number(next());
  return { add, next, lag, finish: packets.finish };
}

test('two are gathered before the first leaves; a hole is silence; after the end the rest leaves', () => {
  const { add, next, finish } = speech();
  expect(next()).toBeUndefined();
  add(1);
  expect(next()).toBeUndefined();
  add(1);
  expect([next(), next(), next()]).toEqual([1, 2, 0]);
  add(2);
  finish();
  expect([next(), next(), next()]).toEqual([3, 4, 'end']);
});

test('too many at once: the oldest are dropped', () => {
  const { add, next } = speech();
  add(9);
  expect(next()).toBe(7);
});

test('after a stall of the machine speech is on time again within a third of a second', () => {
  const { add, next, lag } = speech();
  add(2);
  for (let tick = 0; tick < 8; tick += 1) next();
  // What was held up comes at once, and from then on one for each that leaves.
  add(6);
  expect(lag()).toBe(5);
  for (let tick = 0; tick < 31; tick += 1) {
    add(1);
    next();
  }
  add(1);
  expect(lag()).toBeLessThanOrEqual(2);
});

test('packets that come three by three lose nothing', () => {
  const { add, next } = speech();
  add(3);
  const heard: unknown[] = [];
  for (let tick = 1; tick <= 90; tick += 1) {
    heard.push(next());
    if (tick % 3 === 0) add(3);
  }
  expect(heard).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
});
