/** What a monitor sees of the lanes' voice. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SpeakerView } from '../../contract/console-api.ts';
import { crossingEvent } from '../../testing/events.ts';
import { createEventFlow } from '../event-flow.ts';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { addSpeakerFigures } from './speaker-figures.ts';

const startMs = 1_800_000_000_000;
const view = (speakerId: string, changes: Partial<SpeakerView>): SpeakerView => ({
  ...{ speakerId, name: speakerId, driver: 'rtp', state: 'ready', stateSinceMs: startMs },
  ...{ isOverdue: false, takesLive: true, speaking: 'nothing', waiting: 0 },
  ...changes,
});
let folder: string;
let nowMs: number;
let store: Store;
let views: readonly SpeakerView[];
let registry: Registry;
let end: () => void;

const opened = () =>
  createStore(
    { database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') }, places: [] },
    () => nowMs,
  );
const watched = (): void => {
  registry = new Registry();
  end = addSpeakerFigures(registry, { store, speakers: () => views });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'speaker-figures-'));
  nowMs = startMs;
  views = [];
  store = await opened();
  watched();
});
afterEach(async () => {
  end();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The lines of one figure. */
async function figure(name: string): Promise<readonly string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => line.startsWith(name) && /[{ ]/.test(line[name.length] ?? ''));
}

test('each speaker with its state, its last proof, and whether it is flagged', async () => {
  views = [
    view('horn', { provenAtMs: startMs - 1500, waiting: 2 }),
    view('gate', { state: 'unreachable', isOverdue: true, waiting: 1 }),
  ];
  expect(await figure('haoguanjia_speaker_state')).toEqual([
    'haoguanjia_speaker_state{speaker="horn",state="ready"} 1',
    'haoguanjia_speaker_state{speaker="gate",state="unreachable"} 1',
  ]);
  const proven = 'haoguanjia_speaker_proven_time_seconds';
  expect(await figure(proven)).toEqual([`${proven}{speaker="horn"} 1799999998.5`]);
  expect(await figure('haoguanjia_speaker_overdue')).toEqual([
    'haoguanjia_speaker_overdue{speaker="horn"} 0',
    'haoguanjia_speaker_overdue{speaker="gate"} 1',
  ]);
  expect(await figure('haoguanjia_speakers_overdue')).toEqual(['haoguanjia_speakers_overdue 1']);
  expect(await figure('haoguanjia_announcements_waiting')).toEqual([
    'haoguanjia_announcements_waiting 3',
  ]);

  // It is well again: the state that it was in is gone.
  views = [view('gate', { provenAtMs: startMs })];
  expect(await figure('haoguanjia_speaker_state')).toEqual([
    'haoguanjia_speaker_state{speaker="gate",state="ready"} 1',
  ]);
  expect(await figure('haoguanjia_speakers')).toEqual(['haoguanjia_speakers{state="ready"} 1']);
});

test('each announcement counts once by what became of it, whatever else happens to its alarm, also after a restart', async () => {
  const points: [number, number][] = [
    [0, 0],
    [1, 1],
  ];
  const announcement = { kind: 'speech', text: '请离开', language: 'zh-CN' } as const;
  const tripwires = ['gate', 'wall'].map((ruleId) => ({
    ruleId,
    points,
    response: { announcement },
  }));
  await store.saveRules('cam-1', { schemaVersion: 1, tripwires }, 0, 'li', nowMs);
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `id-${ids}`;
  };
  const ends = { announce: () => undefined, speakerOf: () => 'horn' };
  const flow = createEventFlow({ store, ...ends, newId, now: () => nowMs });
  await flow.file(
    ['gate', 'wall'].map((ruleId, at) => crossingEvent(at + 1, { ruleId, capturedAtMs: nowMs })),
  );
  const [said, refused] = await store.queuedAnnouncements();
  for (const [order, state] of [
    [said, 'sent'],
    [refused, 'unreachable'],
  ] as const) {
    nowMs += 1000;
    await store.claimAnnouncement(order?.announcementId ?? '', nowMs);
    nowMs += 1000;
    await store.finishAnnouncement(order?.announcementId ?? '', state, undefined, nowMs);
  }
  const touched = async (): Promise<void> => {
    nowMs += 1000;
    await store.changeAlarm(
      said?.alarmId ?? '',
      (alarm) => ({ ...alarm, repeats: alarm.repeats + 1 }),
      nowMs,
    );
  };
  await touched();
  const total = 'haoguanjia_announcements_total';
  expect(await figure(total)).toEqual([
    `${total}{outcome="sent"} 1`,
    `${total}{outcome="unreachable"} 1`,
  ]);

  end();
  await store.close();
  store = await opened();
  watched();
  await touched();
  expect(await figure(total)).toEqual([]);
});
