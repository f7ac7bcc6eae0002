import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRtpReceiver } from '../../demo/rtp-receiver.ts';
import { crossingEvent } from '../../testing/events.ts';
import { decideAlarm } from '../alarms/alarms.ts';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { createSpeakers } from './speakers.ts';

const folder = mkdtempSync(join(tmpdir(), 'speakers-crash-'));
const recordingsFolder = join(folder, 'recordings');

beforeAll(() => {
  mkdirSync(recordingsFolder);
  const path = join(recordingsFolder, 'long.wav');
  spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=f=600:d=20:r=8000', path]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Files a crossing whose rule speaks. */
async function raise(store: Store, nowMs: number, sequence: number): Promise<string> {
  const [filed] = await store.fileEvents(
    [
      crossingEvent(sequence, {
        cameraId: 'cam-1',
        ruleId: `rule-${sequence}`,
        capturedAtMs: nowMs,
      }),
    ],
    (event, context) => {
      const decided = decideAlarm({
        event,
        context,
        speakerId: 'lane',
        nowMs,
        newId: randomUUID,
      });
      if (decided.kind !== 'raise') return decided;
      const { alarmId, severity } = decided.alarm;
      const announcement = {
        ...{ announcementId: `a-${sequence}`, alarmId, speakerId: 'lane', severity },
        announcement: { kind: 'recording', name: 'long' } as const,
        ...{ orderedAtMs: nowMs, expiresAtMs: nowMs + 30_000 },
      };
      return { ...decided, announcement };
    },
    nowMs,
  );
  return filed?.alarm?.alarmId ?? '';
}

test('a collector that breaks off in the middle never says it again, and the operator is told', async () => {
  const receiver = createRtpReceiver({ wavFile: join(folder, 'heard.wav') });
  const port = await receiver.start();
  const logger = pino({ level: 'silent' });
  let nowMs = 1_800_000_000_000;
  const now = (): number => nowMs;
  const file = join(folder, 'centre.sqlite');
  const settings = {
    speakers: [
      { driver: 'rtp', speakerId: 'lane', name: 'Lane', address: '127.0.0.1', port } as const,
    ],
    recordingsFolder,
    cacheFolder: join(folder, 'cache'),
  };
  const open = () => createStore({ database: { kind: 'sqlite', file }, places: [] }, now);
  const waitFor = (reached: () => boolean | Promise<boolean>) =>
    vi.waitFor(async () => expect(await reached()).toBe(true), { timeout: 20_000, interval: 10 });

  const before = await open();
  const alarmId = await raise(before, nowMs, 1);
  const waitingId = await raise(before, nowMs + 100_000, 2);
  // What a crash leaves: the store as it was in the middle, and whatever was to be stored later is not.
  const crashing = createSpeakers(settings, {
    store: { ...before, finishAnnouncement: () => new Promise(() => undefined) },
    logger,
    now,
  });
  for (const order of await before.queuedAnnouncements())
    if (order.alarmId === alarmId) crashing.announce(order);
  await waitFor(() => receiver.statistics().packets > 10);
  expect((await before.alarm(alarmId))?.announcement?.state).toBe('speaking');
  void crashing.stop();
  await waitFor(async () => {
    const packets = receiver.statistics().packets;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return receiver.statistics().packets === packets;
  });
  await before.close();

  nowMs += 300_000;
  const after = await open();
  const speakers = createSpeakers(settings, { store: after, logger, now });
  await speakers.start();
  await waitFor(async () => (await after.alarm(waitingId))?.announcement?.state === 'expired');
  expect((await after.alarm(alarmId))?.announcement).toMatchObject({
    state: 'failed',
    reason: 'the collector broke off while it was being said',
  });
  expect(receiver.statistics().streams).toHaveLength(1);
  const failures = await after.announcements({ failedOnly: true, cameraIds: undefined, limit: 10 });
  expect(failures.map(({ announcementId, cameraId }) => [announcementId, cameraId]).sort()).toEqual(
    [
      ['a-1', 'cam-1'],
      ['a-2', 'cam-1'],
    ],
  );
  expect(
    await after.announcements({ failedOnly: true, cameraIds: new Set(['cam-2']), limit: 10 }),
  ).toEqual([]);
  await speakers.stop();
  await after.close();
  await receiver.stop();
});
