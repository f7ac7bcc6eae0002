/** A camera that is taken out of its edge's configuration does not stay on the screen as it last was. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStore } from './create-store.ts';
import type { Store } from './store.ts';

const nowMs = 1_800_000_000_000;
let folder = '';
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'camera-rows-'));
  const places = [{ cameraId: 'cam-2', lane: 'East' }];
  store = await createStore({
    database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
    places,
  });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const report = (edgeId: string, ...cameraIds: readonly string[]) =>
  store.recordHealth({
    ...{ edgeId, bootId: 'b', atMs: nowMs, outboxRows: 0 },
    cameras: cameraIds.map((cameraId) => ({
      ...{ cameraId, name: cameraId, state: 'live', stateSinceMs: nowMs - 5000 },
      ...{ analysedPerSecond: 5, rules: { appliedVersion: 0 } },
    })),
  });
const shown = async () => (await store.cameras()).map(({ cameraId, state }) => [cameraId, state]);
const told = async () =>
  (await store.feedSince(0, 100)).flatMap(({ message }) =>
    message.kind === 'camera-changed' ? [[message.camera.cameraId, message.camera.removed]] : [],
  );

test('it is offline and gone from the list, or offline there while the centre still names it', async () => {
  await report('edge-1', 'cam-1', 'cam-2', 'cam-3');
  await report('edge-1', 'cam-3');
  expect(await shown()).toEqual([
    ['cam-2', 'offline'],
    ['cam-3', 'live'],
  ]);
  expect(await store.camera('cam-1')).toMatchObject({
    ...{ removed: true, stateSinceMs: nowMs, reason: 'edge edge-1 has this camera no longer' },
  });
  expect((await told()).slice(3)).toEqual([
    ['cam-1', true],
    ['cam-2', true],
  ]);
  await report('edge-1', 'cam-3');
  expect(await told()).toHaveLength(5);
});

test('it is back as it was when its edge has it again, or another edge', async () => {
  await report('edge-1', 'cam-1', 'cam-3');
  await report('edge-1', 'cam-3');
  await report('edge-2', 'cam-1');
  await report('edge-1', 'cam-3');
  expect(await store.camera('cam-1')).toMatchObject({ edgeId: 'edge-2', state: 'live' });
  expect((await store.camera('cam-1'))?.removed).toBeUndefined();
  expect(await shown()).toEqual([
    ['cam-1', 'live'],
    ['cam-3', 'live'],
  ]);
});
