/** What an edge says about itself is taken word by word: nothing that the contract does not name, nothing about others' cameras. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CameraHealth, EdgeHealth, EdgeStatus } from '../../contract/edge-report.ts';
import { crossingEvent } from '../../testing/events.ts';
import { quietFlow } from '../../testing/quiet-centre.ts';
import { createStore } from './create-store.ts';
import type { Store } from './store.ts';

const nowMs = 1_800_000_000_000;
let folder = '';
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foreign-edge-'));
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  store = await createStore({ database, places: [{ cameraId: 'cam-1', lane: 'East' }] });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const camera = (cameraId: string, name = cameraId): CameraHealth => ({
  ...{ cameraId, name, state: 'live', stateSinceMs: nowMs - 5000 },
  ...{ analysedPerSecond: 5, rules: { appliedVersion: 0 } },
});
const health = (edgeId: string, ...cameras: readonly CameraHealth[]): EdgeHealth => ({
  ...{ edgeId, bootId: 'b', atMs: nowMs, outboxRows: 0 },
  cameras: [...cameras],
});
const status = (edgeId: string, online = true): EdgeStatus => ({
  ...{ edgeId, bootId: 'b', online, sinceMs: nowMs },
});
/** What an edge may add, since unknown fields are let through. */
const adding = <Report>(report: Report, fields: object): Report => ({ ...report, ...fields });

describe('fields that the contract does not name', () => {
  test.each([
    ['a number that is stored and never read again', { certificateEndsAtMs: 2 ** 60 }],
    ['something that no column takes', { storageFault: {} }],
  ])('%s in a status leaves the list of edges readable and the others told', async (_, fields) => {
    await store.recordStatuses([status('edge-2'), adding(status('edge-1'), fields)]);
    expect(await store.edges()).toEqual([
      { edgeId: 'edge-1', online: true, sinceMs: nowMs, outboxRows: 0 },
      { edgeId: 'edge-2', online: true, sinceMs: nowMs, outboxRows: 0 },
    ]);
  });

  test('an edge gives its camera no speaker, no grid and no name on the map', async () => {
    const fields = { speakerId: 'other-lane', grid: 'g', lane: 'West', removed: true, extra: 1 };
    await store.recordHealth(health('edge-1', adding(camera('cam-9'), fields)));
    const [view] = (await store.cameras()).filter(({ cameraId }) => cameraId === 'cam-9');
    expect(view).toEqual({
      ...{ cameraId: 'cam-9', edgeId: 'edge-1', name: 'cam-9', state: 'live' },
      ...{ stateSinceMs: nowMs - 5000, analysedPerSecond: 5 },
      ...{ savedRulesVersion: 0, appliedRulesVersion: 0 },
    });
  });
});

describe('a camera of another edge that is there', () => {
  beforeEach(async () => {
    await store.recordStatuses([status('edge-1'), status('edge-2')]);
    await store.recordHealth(health('edge-1', camera('cam-1', 'gate')));
  });

  test('is not taken over, and the centre says at the other box why', async () => {
    await store.recordHealth(health('edge-2', camera('cam-1', 'mine'), camera('cam-2')));
    expect(await store.camera('cam-1')).toMatchObject({ edgeId: 'edge-1', name: 'gate' });
    expect(await store.camera('cam-2')).toMatchObject({ edgeId: 'edge-2' });
    const told = 'camera cam-1 belongs to edge edge-1; take it out of the configuration of one box';
    expect(await store.edges()).toMatchObject([{}, { edgeId: 'edge-2', storageFault: told }]);
    const full = { ...health('edge-2', camera('cam-1', 'mine')), storageFault: 'the disk is full' };
    await store.recordHealth(full);
    expect((await store.edges())[1]?.storageFault).toBe('the disk is full');
    await store.recordHealth(health('edge-2', camera('cam-2')));
    expect((await store.edges())[1]?.storageFault).toBeUndefined();
  });

  test('is taken over once its edge is away', async () => {
    await store.recordStatus(status('edge-1', false));
    await store.recordHealth(health('edge-2', camera('cam-1', 'mine')));
    expect(await store.camera('cam-1')).toMatchObject({ edgeId: 'edge-2', name: 'mine' });
  });

  test('an event of it is kept, and calls and says nothing', async () => {
    const said: unknown[] = [];
    const flow = quietFlow(store, {
      speakerOf: () => 'speaker-1',
      now: () => nowMs,
      announce: (order) => said.push(order),
    });
    const own = (sequence: number) => ({ ...crossingEvent(sequence), capturedAtMs: nowMs });
    // Between two events of the box itself, which are one call.
    await flow.file([own(1), { ...own(2), edgeId: 'edge-2' }, own(3)]);
    expect(await store.events({ limit: 10 })).toHaveLength(3);
    const alarms = await store.alarms({ limit: 10 });
    expect(alarms.map(({ event, repeats }) => [event.edgeId, repeats])).toEqual([['edge-1', 1]]);
    expect(said).toEqual([]);
  });

  test('its blind time is not for another edge to tell', async () => {
    const entry = { cameraId: 'cam-1', day: '2027-01-15', reason: 'offline', seconds: 90 } as const;
    await store.recordBlindTime({ edgeId: 'edge-2', entries: [{ ...entry, seconds: 80_000 }] });
    await store.recordBlindTime({ edgeId: 'edge-1', entries: [entry] });
    expect(await store.blindTime('cam-1', '2027-01-01')).toEqual([entry]);
  });
});
