/** The centre's figures, read over a real socket from a real store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import { silentSpeakers } from '../../testing/silent-speakers.ts';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { type CentreFigures, createCentreFigures } from './centre-figures.ts';
import { createOperation, type Operation } from './operation.ts';

const logger = pino({ level: 'silent' });
const nowMs = 1_800_000_000_000;
let folder: string;
let store: Store;
let figures: CentreFigures;
let operation: Operation;
let address: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'figures-'));
  const file = join(folder, 'collector.sqlite');
  store = await createStore({ database: { kind: 'sqlite', file }, places: [] });
  figures = createCentreFigures({
    store,
    brokerConnected: () => true,
    certificateEndsAtMs: () => 1_800_000_000_000,
    speakers: silentSpeakers(['horn-1']).views,
    condition: () => ({ stalledForMs: () => 1500, freeBytes: async () => 4096 }),
    now: () => nowMs,
  });
  operation = createOperation({ host: '127.0.0.1', port: 0 }, figures, logger);
  address = await operation.start();
});
afterEach(async () => {
  await operation.stop();
  figures.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const read = async (): Promise<string> => (await fetch(`${address}/metrics`)).text();
const ignore = () => ({ kind: 'none' }) as const;

test('counts each event once, with its delay, and what came again apart', async () => {
  const counting = figures.counting(store);
  const event = crossingEvent(1, { capturedAtMs: nowMs - 200 });
  await counting.fileEvents([event, crossingEvent(2, { historical: true })], ignore, nowMs);
  await counting.fileEvents([event], ignore, nowMs);
  const text = await read();
  expect(text).toContain('haoguanjia_events_filed_total{kind="tripwire-crossed"} 2');
  expect(text).toContain('haoguanjia_events_duplicate_total 1');
  expect(text).toContain('haoguanjia_event_delay_seconds_count 1');
  expect(text).toContain('haoguanjia_event_delay_seconds_sum 0.2');
  expect(text).toContain('haoguanjia_commit_seconds_count 2');
});

test('counts a batch that the database refuses, and hands the error on', async () => {
  const counting = figures.counting({
    ...store,
    fileEvents: () => Promise.reject(new Error('database or disk is full')),
  });
  await expect(counting.fileEvents([crossingEvent(1)], ignore, nowMs)).rejects.toThrow('full');
  expect(await read()).toContain('haoguanjia_commits_failed_total 1');
});

test('counts quarantined messages, edges with their backlog, and cameras by state', async () => {
  const counting = figures.counting(store);
  await counting.quarantine({ topic: 'x', payload: new Uint8Array(), reason: 'no', atMs: nowMs });
  await store.recordStatus({ edgeId: 'edge-1', bootId: 'b', online: true, sinceMs: nowMs });
  await store.recordHealth({
    edgeId: 'edge-1',
    bootId: 'b',
    atMs: nowMs,
    outboxRows: 12,
    cameras: [
      {
        cameraId: 'cam-1',
        name: '东巷口',
        state: 'offline',
        stateSinceMs: nowMs,
        analysedPerSecond: 0,
        rules: { appliedVersion: 0 },
      },
    ],
  });
  const text = await read();
  expect(text).toContain('haoguanjia_messages_quarantined_total 1');
  expect(text).toContain('haoguanjia_edge_online{edge="edge-1"} 1');
  expect(text).toContain('haoguanjia_edge_outbox_rows{edge="edge-1"} 12');
  expect(text).toContain('haoguanjia_cameras{state="offline"} 1');
  expect(text).toContain('haoguanjia_feed_messages_total{kind="camera-changed"} 1');
  expect(text).toContain('haoguanjia_broker_connected 1');
  expect(text).toContain('haoguanjia_broker_certificate_end_time_seconds 1800000000\n');
  expect(text).toContain('haoguanjia_store_readable 1');
  expect(text).toContain('haoguanjia_intake_stalled_seconds 1.5');
  expect(text).toContain('haoguanjia_data_free_bytes 4096');
});

test('says in one sentence that its port is taken', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve(Number(Object(other.address())['port'])));
  });
  await expect(
    createOperation({ host: '127.0.0.1', port }, figures, logger).start(),
  ).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken by another program; choose another metrics.port`,
  );
  other.close();
});
