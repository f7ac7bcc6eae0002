/** What a rule would have done, asked of a box that has watched: by a real thread, of a real track log on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCheck } from '../contract/check.ts';
import { type OneRule, rulesOf } from '../contract/rule.ts';
import type { SceneEvent } from '../contract/rule-event.ts';
import { RuleReplayed } from '../contract/rule-replay.ts';
import { createReplayDesk, type ReplayDesk } from './replay-desk.ts';
import { createScene } from './scene/scene.ts';
import { createTrackLog } from './track-log/track-log.ts';
import { createTrackRecorder } from './track-log/track-recorder.ts';

const startedAtMs = 1_795_795_200_000;
const seconds = 90;
const check = createCheck(RuleReplayed);
const wire: OneRule = {
  kind: 'tripwire',
  tripwire: {
    ruleId: 'gate',
    points: [
      [0.5, 0.95],
      [0.5, 0.3],
    ],
  },
};

let folder: string;
let live: readonly SceneEvent[];
let desk: ReplayDesk;
const answers = new Map<string, RuleReplayed>();

/** Somebody walks to and fro through the picture, a tenth of it a second; answers with what was told live. */
async function film(): Promise<readonly SceneEvent[]> {
  const log = createTrackLog({ folder, onFailure: (_, reason) => expect.fail(reason) });
  const scene = createScene({ rules: rulesOf(wire), aspectRatio: 16 / 9 });
  const head = { runId: startedAtMs, aspectRatio: 16 / 9 };
  const recorder = createTrackRecorder(head, (batch) => log.append('cam-1', batch, startedAtMs));
  const events: SceneEvent[] = [];
  for (let mediaTimeMs = 0; mediaTimeMs < seconds * 1000; mediaTimeMs += 200) {
    const x = 0.1 + 0.8 * Math.abs(((mediaTimeMs / 10_000) % 2) - 1);
    const box = { left: x - 0.03, right: x + 0.03, top: 0.5, bottom: 0.7 };
    const detections = [{ box, label: 'person', confidence: 0.8 }];
    const sighting = { detections, mediaTimeMs, capturedAtMs: startedAtMs + mediaTimeMs };
    const { tracks, events: told } = scene.observe(sighting);
    recorder.take(sighting, tracks);
    events.push(...told);
  }
  recorder.flush();
  await log.settled();
  return events;
}

async function ask(cameraId: string, rule = wire): Promise<RuleReplayed['outcome'] | undefined> {
  const requestId = uuidv7();
  desk.take({ kind: 'replay-rule', requestId, cameraId, rule });
  await expect.poll(() => answers.has(requestId), { timeout: 20_000, interval: 20 }).toBe(true);
  return answers.get(requestId)?.outcome;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replay-desk-'));
  live = await film();
  desk = createReplayDesk({
    edgeId: 'edge-1',
    folder,
    cameraIds: ['cam-1', 'cam-2'],
    answer: (answer) => answers.set(answer.requestId, answer),
    logger: pino({ level: 'silent' }),
    now: () => startedAtMs + seconds * 1000,
  });
});
afterAll(async () => {
  await desk.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a box that is asked what a rule would have done', () => {
  test('tells what was told live: how often, when, where and which way', async () => {
    const outcome = await ask('cam-1');
    if (outcome?.kind !== 'replayed') return expect.fail(JSON.stringify(outcome));
    const { count, firings, perHour, seen } = outcome.replay;
    expect(live.length).toBeGreaterThan(6);
    expect(count).toBe(live.length);
    expect(perHour).toEqual([{ fromMs: startedAtMs, count: live.length }]);
    expect(firings.map(({ kind, atMs, direction }) => [kind, atMs, direction])).toEqual(
      live.map((event) => [
        event.kind,
        event.capturedAtMs,
        event.kind === 'tripwire-crossed' ? event.direction : undefined,
      ]),
    );
    for (const { footPoint, trail } of firings) {
      expect(footPoint[1]).toBeCloseTo(0.7, 2);
      expect(trail.length).toBeGreaterThan(1);
      expect(trail.length).toBeLessThanOrEqual(12);
      expect(trail.at(-1)?.[0]).toBeCloseTo(footPoint[0], 1);
    }
    expect(seen?.fromMs).toBeGreaterThanOrEqual(startedAtMs);
    expect(seen?.toMs).toBe(startedAtMs + seconds * 1000 - 200);
  });

  test('says with every answer what the contract has, and nobody was seen where nothing is stored', async () => {
    const outcome = await ask('cam-2');
    expect(outcome).toMatchObject({ kind: 'replayed', replay: { count: 0, firings: [] } });
    expect(outcome?.kind === 'replayed' ? outcome.replay.seen : 'an answer').toBeUndefined();
    for (const answer of answers.values()) expect(check(answer)).toMatchObject({ ok: true });
  });

  test('knows only its own cameras', async () => {
    expect(await ask('cam-9')).toMatchObject({ kind: 'failed' });
    expect(await ask('..')).toMatchObject({ kind: 'failed' });
  });

  test('answers one after the other, and says that it is busy when too many ask', async () => {
    const ids = Array.from({ length: 7 }, uuidv7);
    for (const requestId of ids)
      desk.take({ kind: 'replay-rule', requestId, cameraId: 'cam-1', rule: wire });
    const kinds = (): readonly (string | undefined)[] =>
      ids.map((id) => answers.get(id)?.outcome.kind);
    expect(kinds()).toEqual([...Array(5).fill(undefined), 'busy', 'busy']);
    await expect
      .poll(kinds, { timeout: 30_000, interval: 20 })
      .toEqual([...Array(5).fill('replayed'), 'busy', 'busy']);
  });
});
