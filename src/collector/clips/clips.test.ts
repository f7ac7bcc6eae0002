/** Clips from an edge's uplink over a real broker into files of the centre. */

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClipFacts } from '../../contract/clip-message.ts';
import { createUplink, type Uplink } from '../../edge/uplink/uplink.ts';
import { crossingDraft, crossingEvent } from '../../testing/events.ts';
import { createMosquitto, type Mosquitto } from '../../testing/mosquitto.ts';
import { quietFlow } from '../../testing/quiet-centre.ts';
import { createEdgeLink, type EdgeLink } from '../edge-link.ts';
import { createIntake } from '../intake.ts';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { type Clips, createClips } from './clips.ts';

const logger = pino({ level: 'silent' });
const clipId = '01890000-0000-7000-8000-00000000c11b';
let folder = '';
let store: Store;
let clips: Clips;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'centre-clips-'));
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  store = await createStore({ database, places: [] });
  clips = createClips({ folder: join(folder, 'clips'), store, logger, now: Date.now });
});
afterEach(async () => {
  await clips.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const factsOf = (bytes: Uint8Array, eventId: string): ClipFacts => ({
  clipId,
  cameraId: 'cam-1',
  eventIds: [eventId],
  startedAtMs: 1_800_000_000_000,
  durationMs: 15_000,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
/** What is in the folder beside its name. */
const videos = () => readdirSync(join(folder, 'clips')).filter((name) => name !== '.place');
const file = (events: Parameters<Store['fileEvents']>[0]) => quietFlow(store).file(events);

/** Everything of a collector that clips go through, on that broker. */
function startCentre(broker: Mosquitto, onPiece: () => void) {
  const intake = createIntake({
    store,
    fileEvents: file,
    onFiled: async () => undefined,
    onMissing: async () => undefined,
    takeClip: (edgeId, piece) => {
      onPiece();
      return clips.take(edgeId, piece);
    },
    acknowledge: (edgeId, ack) => link.acknowledge(edgeId, ack),
    onHealth: async () => undefined,
    logger,
    now: Date.now,
  });
  const link: EdgeLink = createEdgeLink({ url: broker.url }, { onMessage: intake.take }, logger);
  link.start();
  return {
    stop: async () => {
      await link.stop();
      await intake.stop();
    },
  };
}

test('a clip arrives whole though the broker is killed in the middle, after its event, and the alarm has it', async () => {
  const broker = await createMosquitto();
  await broker.start();
  const bytes = randomBytes(3 * 1024 ** 2);
  let due: ClipFacts | undefined;
  const offsets: number[] = [];
  const uplink: Uplink = createUplink(
    {
      ...{ edgeId: 'edge-1', bootId: 'boot', dataFolder: join(folder, 'edge') },
      broker: { url: broker.url },
      clips: {
        due: () => due,
        read: async (_clipId, offset, length) => {
          offsets.push(offset);
          return bytes.subarray(offset, offset + length);
        },
        delivered: async () => {
          due = undefined;
        },
      },
    },
    { onRules: () => undefined, onUnreadableRules: () => undefined, onCommand: () => undefined },
    logger,
  );
  const { eventId } = uplink.report(crossingDraft({ capturedAtMs: Date.now() }));
  due = factsOf(bytes, eventId);
  let pieces = 0;
  let killed: Promise<void> | undefined;
  const centre = startCentre(broker, () => {
    pieces += 1;
    if (pieces === 5) killed = broker.kill().then(broker.start);
  });
  uplink.start();
  await expect.poll(() => due, { timeout: 40_000 }).toBeUndefined();
  await killed;
  await uplink.stop();
  await centre.stop();
  await broker.remove();

  expect(pieces).toBeGreaterThanOrEqual(12);
  expect(Math.max(...offsets.slice(0, 6))).toBeGreaterThan(0);
  // It went on where it was: twelve pieces, and the few whose answer was lost.
  expect(offsets.length).toBeLessThanOrEqual(18);
  expect((await store.clipOfEvent(eventId))?.clipId).toBe(clipId);
  expect(readFileSync(clips.fileOf(clipId)).equals(bytes)).toBe(true);
  const [alarm] = await store.alarms({ limit: 1 });
  expect(alarm).toMatchObject({ hasClip: true, event: { eventId } });
}, 60_000);

test('a piece that came before, or too early, is answered with how far the clip is', async () => {
  const bytes = randomBytes(3000);
  const event = crossingEvent(1);
  await file([event]);
  const facts = factsOf(bytes, event.eventId);
  const send = (offset: number, end: number) =>
    clips.take('edge-1', { header: { ...facts, offset }, bytes: bytes.subarray(offset, end) });
  expect(await send(0, 1000)).toEqual({ clipId, received: 1000, state: 'partial' });
  expect(await send(0, 1000)).toEqual({ clipId, received: 1000, state: 'partial' });
  expect(await send(2000, 3000)).toEqual({ clipId, received: 1000, state: 'partial' });
  expect(await store.clipOfEvent(event.eventId)).toBeUndefined();
  expect(await send(1000, 3000)).toEqual({ clipId, received: 3000, state: 'stored' });
  expect(await send(0, 1000)).toEqual({ clipId, received: 3000, state: 'stored' });
  expect(videos()).toEqual([`${clipId}.mp4`]);
});

test('a clip with a wrong hash is asked for again, and in the end refused', async () => {
  const bytes = randomBytes(500);
  const header = { ...factsOf(bytes, crossingEvent(1).eventId), sha256: '0'.repeat(64), offset: 0 };
  const states = [];
  for (let times = 0; times < 3; times += 1)
    states.push((await clips.take('edge-1', { header, bytes })).state);
  expect(states).toEqual(['partial', 'partial', 'refused']);
  expect(videos()).toEqual([]);
});

test("an edge cannot give a clip to another edge's event, neither after it nor before it", async () => {
  const bytes = randomBytes(500);
  const [event, later] = [crossingEvent(1), crossingEvent(2)];
  await file([event]);
  const header = { ...factsOf(bytes, event.eventId), offset: 0 };
  expect((await clips.take('edge-2', { header, bytes })).state).toBe('refused');
  expect(
    (await clips.take('edge-1', { header: { ...header, cameraId: 'cam-2' }, bytes })).state,
  ).toBe('refused');
  await clips.take('edge-2', { header: { ...header, eventIds: [later.eventId] }, bytes });
  await file([later]);
  expect(await store.clipOfEvent(later.eventId)).toBeUndefined();
});

test('after a start rows and files are in step, and what is too much goes, the oldest first', async () => {
  const bytes = randomBytes(1000);
  const save = async (number: number): Promise<string> => {
    const id = `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`;
    const facts = { ...factsOf(bytes, crossingEvent(number).eventId), clipId: id };
    await clips.take('edge-1', { header: { ...facts, offset: 0 }, bytes });
    return id;
  };
  const ids = [await save(1), await save(2), await save(3), await save(4)];
  rmSync(clips.fileOf(ids[3] ?? ''));
  const stray = join(folder, 'clips', 'stray.mp4');
  writeFileSync(stray, 'x');
  utimesSync(stray, 1, 1);
  const bounds = { maxBytes: 3000 };
  const again = createClips({
    folder: join(folder, 'clips'),
    store,
    bounds,
    logger,
    now: Date.now,
  });
  again.start();
  await again.stop();
  expect(videos().sort()).toEqual([`${ids[1]}.mp4`, `${ids[2]}.mp4`]);
  expect((await store.clips()).map((clip) => clip.clipId)).toEqual([ids[1], ids[2]]);

  // What is held takes its room, and does not go for want of it.
  await file([crossingEvent(2)]);
  const held = { eventId: crossingEvent(2).eventId, reason: 'case 7', by: 'wang', atMs: 1 };
  expect(await store.holdEvent(held, 1)).toBe(true);
  const small = createClips({
    ...{ folder: join(folder, 'clips'), store, logger, now: Date.now },
    bounds: { maxBytes: 1000 },
  });
  small.start();
  await small.stop();
  expect(videos()).toEqual([`${ids[1]}.mp4`]);
  let certified: readonly unknown[] = [];
  await store.certifyDeletions((items) => {
    certified = items.map(({ id, why }) => [id, why]);
    return { atMs: 1, actor: '', address: '', action: 'recordings-deleted', outcome: 'done' };
  });
  expect(certified).toEqual([
    [ids[0], 'space'],
    [ids[2], 'space'],
  ]);
});
