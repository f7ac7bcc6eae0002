/** Rules go to the box that has the camera, and to no other that says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { EdgeHealth } from '../contract/edge-report.ts';
import { createRulesDesk } from './rules-desk.ts';
import { createStore } from './store/create-store.ts';

const nowMs = 1_800_000_000_000;
const health = (edgeId: string): EdgeHealth => ({
  ...{ edgeId, bootId: 'b', atMs: nowMs, outboxRows: 0 },
  cameras: [
    {
      ...{ cameraId: 'cam-1', name: 'gate', state: 'live', stateSinceMs: nowMs },
      ...{ analysedPerSecond: 5, rules: { appliedVersion: 0 } },
    },
  ],
});

test('a box that names the camera of another is sent no rules of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-desk-'));
  const file = join(folder, 'centre.sqlite');
  const store = await createStore({ database: { kind: 'sqlite', file }, places: [] });
  const sent: string[] = [];
  const publishTo = (edgeId: string): unknown => sent.push(edgeId);
  const desk = createRulesDesk({ store, publishTo, logger: pino({ level: 'silent' }) });
  await store.recordHealth(health('edge-1'));
  await store.saveRules('cam-1', { schemaVersion: 1 }, 0, 'li', nowMs);
  for (const edgeId of ['edge-2', 'edge-1']) {
    await store.recordHealth(health(edgeId));
    await desk.compare(health(edgeId));
  }
  expect(sent).toEqual(['edge-1']);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
