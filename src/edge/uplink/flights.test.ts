/** Messages on their way: what is due again, and when. */
import { expect, test } from 'vitest';
import { createFlights } from './flights.ts';

test('a message that the broker has taken is due again after two seconds, one that is still leaving is not', async () => {
  let nowMs = 0;
  const flights = createFlights(() => nowMs);
  await flights.send('taken', async () => true);
  void flights.send('leaving', () => new Promise(() => undefined));
  await flights.send('refused', async () => false);
  expect([...flights.ids()].sort()).toEqual(['leaving', 'taken']);
  nowMs = 2001;
  flights.forgetStale();
  expect([...flights.ids()]).toEqual(['leaving']);
  nowMs = 30_001;
  flights.forgetStale();
  expect(flights.count()).toBe(0);
});

test('when the collector begins to hear, what the broker took before is due at once, what is leaving is not', async () => {
  const flights = createFlights(() => 0);
  await flights.send('taken', async () => true);
  void flights.send('leaving', () => new Promise(() => undefined));
  flights.forgetTaken();
  expect([...flights.ids()]).toEqual(['leaving']);
});
