/**
 * A collector at work, as far as its store goes: files events one batch after the other and, after each commit, prints the
 * number of the last one and the time. Its database stands in the environment, since it may have a password.
 */

import { setImmediate as turn } from 'node:timers/promises';
import { createStore, type StoreSettings } from '../../src/collector/store/create-store.ts';
import { crossingEvent } from '../../src/testing/events.ts';
import { quietFlow } from '../../src/testing/quiet-centre.ts';

const batch = 20;

const database = JSON.parse(process.env['DRILL_DATABASE'] ?? '') as StoreSettings['database'];
const store = await createStore({ database, places: [] });
const flow = quietFlow(store);
let stopped = false;
process.once('SIGTERM', () => {
  stopped = true;
});
for (let filed = 0; !stopped; filed += batch) {
  const events = Array.from({ length: batch }, (_, at) => crossingEvent(filed + at + 1));
  await flow.file(events);
  process.stdout.write(`${filed + batch} ${Date.now()}\n`);
  await turn();
}
await store.close();
