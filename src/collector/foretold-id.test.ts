/** What the centre tells of an edge has an id that can be foretold; no other edge may take it first, so that nothing is told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { toCloudEvent } from '../contract/cloud-event.ts';
import { topicsOf } from '../contract/topics.ts';
import { crossingEvent } from '../testing/events.ts';
import { quietFlow, quietIntake } from '../testing/quiet-centre.ts';
import { createGapWatch } from './gap-watch.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';

/** Files two events with one number, of which the centre has to tell; answers with the ids under which it did. */
async function tellOf(store: Store): Promise<readonly string[]> {
  const { file } = quietFlow(store);
  const watch = createGapWatch({
    ...{ store, sendCommand: () => undefined, fileEvents: file, now: Date.now },
    logger: pino({ level: 'silent' }),
  });
  const twice = [1, 2].map((at) => ({ ...crossingEvent(at), sequence: 7 }));
  await file(twice);
  await watch.filed(twice);
  const events = await store.events({ limit: 100 });
  return events.flatMap(({ kind, eventId }) => (kind === 'sequence-repeated' ? [eventId] : []));
}

test('an event that came with such an id is refused, and the centre tells all the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'foretold-'));
  const open = (name: string) =>
    createStore({ database: { kind: 'sqlite', file: join(folder, name) }, places: [] });
  const [elsewhere, store] = [await open('elsewhere.sqlite'), await open('centre.sqlite')];
  const [foretold = ''] = await tellOf(elsewhere);
  const squatter = { ...crossingEvent(1, { edgeId: 'edge-2' }), eventId: foretold };
  const acknowledged: string[] = [];
  const intake = quietIntake(store, {
    acknowledge: (_, { eventIds }) => acknowledged.push(...eventIds),
  });
  intake.take(topicsOf('edge-2').event('cam-1'), Buffer.from(toCloudEvent(squatter)));
  await intake.stop();
  expect(acknowledged).toEqual([foretold]);
  expect(await tellOf(store)).toEqual([foretold]);
  await elsewhere.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
