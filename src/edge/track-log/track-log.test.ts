/** The last 24 hours of tracks on disk: as they went in, over crashes, bounded; and what a rule would have done with them. */
import { appendFile, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CameraRules } from '../../contract/rule.ts';
import type { SceneEvent } from '../../contract/rule-event.ts';
import type { Detection } from '../detector/detection.ts';
import {
  replayRule,
  type StoredFrame,
  type StoredTrack,
  type TrackRun,
} from '../scene/replay-rule.ts';
import { createScene } from '../scene/scene.ts';
import { createTrackLog } from './track-log.ts';
import { createTrackRecorder } from './track-recorder.ts';

const startedAtMs = 1_795_795_200_000;
const hourMs = 3_600_000;
const gate: CameraRules = {
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'gate',
      points: [
        [0.5, 0.95],
        [0.5, 0.3],
      ],
    },
  ],
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'track-log-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** To and fro at a tenth of the picture a second, five pictures a second. */
function detectionsAt(atMs: number): readonly Detection[] {
  const share = Math.abs(((atMs / 10_000) % 2) - 1);
  const x = 0.1 + 0.8 * share;
  const box = { left: x - 0.03, right: x + 0.03, top: 0.5, bottom: 0.7 };
  return [{ box, label: 'person', confidence: 0.8 }];
}

/** Watches live and keeps what it sees; answers with what was told live. */
function film(
  log: ReturnType<typeof createTrackLog>,
  { fromMs = startedAtMs, seconds = 60 } = {},
): readonly SceneEvent[] {
  const scene = createScene({
    rules: gate,
    aspectRatio: 16 / 9,
  });
  let nowMs = fromMs;
  const head = { runId: fromMs, aspectRatio: 16 / 9 };
  const recorder = createTrackRecorder(head, (batch) => log.append('cam-1', batch, nowMs));
  const events: SceneEvent[] = [];
  for (let mediaTimeMs = 0; mediaTimeMs < seconds * 1000; mediaTimeMs += 200) {
    nowMs = fromMs + mediaTimeMs;
    const sighting = { detections: detectionsAt(mediaTimeMs), mediaTimeMs, capturedAtMs: nowMs };
    const observation = scene.observe(sighting);
    recorder.take(sighting, observation.tracks);
    events.push(...observation.events);
  }
  recorder.flush();
  return events;
}

const open = (settings: { mostBytes?: number } = {}) =>
  createTrackLog({
    folder,
    onFailure: (_cameraId, reason) => failures.push(reason),
    onRecovery: () => failures.push('over'),
    ...settings,
  });
let failures: string[] = [];
beforeEach(() => {
  failures = [];
});
const framesIn = (runs: readonly TrackRun[]) =>
  runs.reduce((sum, run) => sum + framesOf(run).length, 0);
const files = async () => (await readdir(join(folder, 'cam-1'))).sort();

/** What the run tells, as plain frames. */
function framesOf({ tell }: TrackRun): readonly StoredFrame[] {
  const frames: { capturedAtMs: number; tracks: StoredTrack[] }[] = [];
  tell({
    frame: (capturedAtMs) => frames.push({ capturedAtMs, tracks: [] }),
    sighting: (trackId, personId, label, confidence, left, top, right, bottom) => {
      const box = { left, top, right, bottom };
      frames.at(-1)?.tracks.push({ trackId, personId, label, confidence, box });
    },
    earlier: (earlier) => {
      const tracks = frames.at(-1)?.tracks ?? [];
      const last = tracks.pop();
      if (last !== undefined) tracks.push({ ...last, earlier });
    },
  });
  return frames;
}

describe('the track log', () => {
  it('tells what a rule would have done, as it was told live', async () => {
    const log = open();
    const live = film(log, { seconds: 120 });
    const runs = await log.read('cam-1', startedAtMs + 120_000);
    const { firings, perHour } = replayRule(runs, gate);
    const told = (events: readonly SceneEvent[]) =>
      events.map(({ kind, capturedAtMs, trackId }) => [kind, capturedAtMs, trackId]);
    expect(live.length).toBeGreaterThan(8);
    expect(told(firings)).toEqual(told(live));
    expect(perHour).toEqual([{ fromMs: startedAtMs, count: live.length }]);
  });

  it('keeps boxes to a hundredth of a per cent of the picture', async () => {
    const log = open();
    film(log);
    const [run] = await log.read('cam-1', startedAtMs + 60_000);
    const last = run === undefined ? undefined : framesOf(run).at(-1);
    expect(last?.capturedAtMs).toBe(startedAtMs + 59_800);
    const truth = detectionsAt(59_800)[0]?.box;
    expect(last?.tracks[0]?.box.left).toBeCloseTo(truth?.left ?? 0, 2);
    expect(last?.tracks[0]?.box.bottom).toBeCloseTo(0.7, 3);
  });

  it('leaves out a torn last record and goes on in a file of its own after a crash', async () => {
    const first = open();
    film(first);
    const whole = framesIn(await first.read('cam-1', startedAtMs + 60_000));
    const [name = ''] = await files();
    await appendFile(join(folder, 'cam-1', name), Uint8Array.from([0, 0, 0, 90, 1, 2, 3, 4, 5]));
    expect(framesIn(await open().read('cam-1', startedAtMs + 60_000))).toBe(whole);
    await truncate(join(folder, 'cam-1', name), 200);
    const log = open();
    film(log, { fromMs: startedAtMs + 600_000 });
    const runs = await log.read('cam-1', startedAtMs + 700_000);
    expect(framesIn(runs)).toBeGreaterThanOrEqual(whole);
    expect(framesIn(runs)).toBeLessThan(2 * whole);
  });

  it('leaves out a record that was changed on disk', async () => {
    const log = open();
    film(log);
    await log.settled();
    const [name = ''] = await files();
    const path = join(folder, 'cam-1', name);
    await writeFile(path, 'x', { flag: 'r+' });
    expect(framesIn(await open().read('cam-1', startedAtMs + 60_000))).toBe(0);
  });

  it('takes tracks of two lives of a worker for different ones', async () => {
    const log = open();
    film(log);
    film(log, { fromMs: startedAtMs + 90_000 });
    expect(await log.read('cam-1', startedAtMs + 200_000)).toHaveLength(2);
  });

  it('forgets what is older than a day, hour by hour', async () => {
    const log = open();
    for (let hour = 0; hour < 30; hour += 1) {
      film(log, { fromMs: startedAtMs + hour * hourMs, seconds: 10 });
    }
    await log.settled();
    expect((await files()).length).toBeLessThanOrEqual(26);
    const runs = await log.read('cam-1', startedAtMs + 29 * hourMs + 10_000);
    expect(runs.filter((run) => framesOf(run).length > 0)).toHaveLength(24);
  });

  it('keeps within its bytes by forgetting the oldest', async () => {
    const log = open({ mostBytes: 3000 });
    for (let hour = 0; hour < 8; hour += 1) {
      film(log, { fromMs: startedAtMs + hour * hourMs, seconds: 30 });
    }
    await log.settled();
    const kept = await files();
    expect(kept.length).toBeLessThan(8);
    expect(Number.parseInt(kept.at(-1) ?? '', 10)).toBeGreaterThan(startedAtMs + 7 * hourMs);
  });

  it('tells once that it cannot write, and once that it can again', async () => {
    await writeFile(join(folder, 'cam-1'), 'a file where the folder should be');
    const log = open();
    film(log, { seconds: 30 });
    await log.settled();
    expect(failures).toHaveLength(1);
    await rm(join(folder, 'cam-1'));
    film(log, { seconds: 30 });
    await log.settled();
    expect(failures.slice(1)).toEqual(['over']);
  });

  it('of a camera that nobody was seen on is empty', async () => {
    expect(await open().read('cam-9', startedAtMs)).toEqual([]);
  });
});
