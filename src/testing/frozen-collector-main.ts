/**
 * A collector that stands still in the middle of a transaction for ever, as one whose machine has lost its power does for the
 * server: `node frozen-collector-main.ts DATABASE`, the settings as JSON. Says `frozen` once it holds the turn.
 */
import { writeSync } from 'node:fs';
import { createStore } from '../collector/store/create-store.ts';
import { crossingEvent } from './events.ts';

const store = await createStore({ database: JSON.parse(process.argv[2] ?? ''), places: [] });
await store.fileEvents(
  [crossingEvent(1)],
  () => {
    writeSync(1, 'frozen\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return { kind: 'none' };
  },
  Date.now(),
);
