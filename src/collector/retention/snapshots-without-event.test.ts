/** Snapshots whose events never came are kept as long as any camera's, and hold up nobody else's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import { createStore } from '../store/create-store.ts';
import { createRetention } from './retention.ts';
import { dayMs, toRetentionRules } from './retention-rules.ts';

const nowMs = 1_800_000_000_000;
const picture = Buffer.from('jpeg');

test('many snapshots without an event do not keep those of other cameras beyond their time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshots-'));
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  const store = await createStore({ database, places: [] });
  for (let at = 0; at < 200; at += 1)
    await store.saveSnapshot(`nobody-${at}`, picture, nowMs - 50 * dayMs);
  const { eventId } = crossingEvent(1);
  await store.fileEvents([crossingEvent(1)], () => ({ kind: 'none' }), nowMs - 40 * dayMs);
  await store.saveSnapshot(eventId, picture, nowMs - 40 * dayMs);
  const rules = toRetentionRules({ profile: 'cn', cameras: { 'cam-9': { snapshotDays: 90 } } });
  const run = (atMs: number) =>
    createRetention({
      ...{ store, rules, removeFiles: async () => 0, logger: pino({ level: 'silent' }) },
      readClocks: () => ({ wallMs: atMs, steadyMs: 0 }),
    }).run();
  await store.changeSetting('retention-believed-at', String(nowMs));
  await run(nowMs);
  expect(await store.snapshot(eventId)).toBeUndefined();
  expect(await store.snapshot('nobody-0')).toBeDefined();
  await store.changeSetting('retention-believed-at', String(nowMs + 41 * dayMs));
  await run(nowMs + 41 * dayMs);
  expect(await store.snapshot('nobody-0')).toBeUndefined();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
