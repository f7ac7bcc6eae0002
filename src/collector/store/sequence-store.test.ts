/** Numbers of an edge over a long stretch: what is not looked at in one go is no hole. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import { createStore } from './create-store.ts';
import type { Store } from './store.ts';

let folder = '';
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sequences-'));
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  store = await createStore({ database, places: [] });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('thousands of events that came between a hole and a number that never will are no hole', async () => {
  const lost = 6200;
  const there = Array.from({ length: 6500 }, (_, at) => at + 1).filter(
    (number) => number !== 2 && number !== lost,
  );
  for (let from = 0; from < there.length; from += 500)
    await store.fileEvents(
      there.slice(from, from + 500).map((number) => crossingEvent(number)),
      () => ({ kind: 'none' }),
      1000,
    );
  await store.settleSequences('edge-1', [{ first: lost, last: lost }]);
  expect(await store.sequenceHoles('edge-1')).toEqual([{ first: 2, last: 2, sinceMs: 1000 }]);
  await store.settleSequences('edge-1', [{ first: 2, last: 2 }]);
  for (let times = 0; times < 3; times += 1)
    expect(await store.sequenceHoles('edge-1')).toEqual([]);
  expect(await store.highestSequence('edge-1')).toBe(6500);
});
