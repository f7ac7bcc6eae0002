/** The account on the box's disk, and what counts as blind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CameraRules } from '../../contract/rule.ts';
import { type BlindTime, createBlindTime } from './blind-time.ts';
import { sightsOf } from './sights.ts';

const logger = pino({ level: 'silent' });
const nowMs = Date.parse('2026-11-24T04:00:00.000Z');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'blind-time-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (): BlindTime => createBlindTime(join(folder, 'data', 'blind-time.sqlite'), logger);
const seeing = [{ cameraId: 'gate' }];
const offline = [{ cameraId: 'gate', reason: 'offline' as const }];

test('the account survives a restart, and the time between two lives counts as stopped', () => {
  const first = open();
  first.tick(nowMs, offline);
  for (let second = 1; second <= 30; second += 1) first.tick(nowMs + second * 1000, offline);
  first.close(nowMs + 30_000);

  const second = open();
  second.tick(nowMs + 630_000, seeing);
  const day = '2026-11-24';
  expect(second.today(nowMs + 630_000)).toEqual([
    { cameraId: 'gate', day, reason: 'offline', seconds: 30 },
    { cameraId: 'gate', day, reason: 'stopped', seconds: 600 },
  ]);
  second.close(nowMs + 630_000);
});

test('a box that is killed loses ten seconds at most', () => {
  const killed = open();
  killed.tick(nowMs, offline);
  for (let second = 1; second <= 35; second += 1) killed.tick(nowMs + second * 1000, offline);
  const next = open();
  next.tick(nowMs + 135_000, seeing);
  const seconds = next.today(nowMs + 135_000).reduce((sum, entry) => sum + entry.seconds, 0);
  expect(seconds).toBeGreaterThanOrEqual(125);
  expect(seconds).toBeLessThanOrEqual(135);
  next.close(nowMs);
  killed.close(nowMs);
});

test('the centre is told everything at first, then what changed, once', () => {
  const blindTime = open();
  blindTime.tick(nowMs, offline);
  blindTime.tick(nowMs + 20_000, offline);
  expect(blindTime.news(nowMs + 20_000).map(({ seconds }) => seconds)).toEqual([20]);
  expect(blindTime.news(nowMs + 21_000)).toEqual([]);
  blindTime.tick(nowMs + 40_000, offline);
  expect(blindTime.news(nowMs + 40_000).map(({ seconds }) => seconds)).toEqual([40]);
  blindTime.tick(nowMs + 60_000, seeing);
  expect(blindTime.news(nowMs + 60_000)).toEqual([]);
  blindTime.close(nowMs);
});

test('what could not be written is written later, though nothing was added meanwhile', () => {
  const blindTime = open();
  blindTime.tick(nowMs, offline);
  const other = new DatabaseSync(join(folder, 'data', 'blind-time.sqlite'));
  other.exec('begin immediate');
  blindTime.tick(nowMs + 20_000, offline);
  other.exec('rollback');
  other.close();
  blindTime.tick(nowMs + 40_000, seeing);
  blindTime.close(nowMs + 40_000);
  const next = open();
  expect(next.today(nowMs)).toMatchObject([{ reason: 'offline', seconds: 20 }]);
  next.close(nowMs + 40_000);
});

const rules: CameraRules = {
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'wire',
      points: [
        [0.1, 0.1],
        [0.3, 0.1],
      ],
    },
  ],
  watchPoints: [{ ruleId: 'corner', centre: [0.8, 0.8], radiusOfHeight: 0.1 }],
};
const mask = [
  [0, 0],
  [0.25, 0],
  [0.25, 0.2],
  [0, 0.2],
] as const;
const degraded = { ruleId: 'corner', neededPerSecond: 8, reason: 'too slow', sinceMs: 0 };

test.each([
  ['a camera that is well', { state: 'live' }, [], undefined, [undefined, undefined, undefined]],
  ['a camera that is away', { state: 'offline' }, [], undefined, ['offline', 'offline', 'offline']],
  [
    'a refused password',
    { state: 'auth-failed' },
    [],
    'tampered',
    ['offline', 'offline', 'offline'],
  ],
  [
    'pictures a moment ago',
    { state: 'live', frameAgeMs: 900 },
    [],
    undefined,
    [undefined, undefined, undefined],
  ],
  [
    'a worker that hangs',
    { state: 'live', frameAgeMs: 20_000 },
    [],
    undefined,
    ['stalled', 'stalled', 'stalled'],
  ],
  ['a covered lens', { state: 'live' }, [mask], 'tampered', ['tampered', 'tampered', 'tampered']],
  ['a wire behind a mask', { state: 'live' }, [mask], undefined, [undefined, 'masked', undefined]],
  [
    'a rule that is too fast for the camera',
    { state: 'live', degradedRules: [degraded] },
    [],
    undefined,
    [undefined, undefined, 'rate'],
  ],
] as const)('%s: camera and rules', (_, health, masks, picture, expected) => {
  const degradedRules = 'degradedRules' in health ? [...health.degradedRules] : [];
  const { state } = health;
  const age = 'frameAgeMs' in health ? { frameAgeMs: health.frameAgeMs } : {};
  const camera = { cameraId: 'gate', state, degradedRules, ...age };
  const sights = sightsOf({ health: camera, rules, masks, picture });
  expect(sights.map(({ ruleId }) => ruleId)).toEqual([undefined, 'wire', 'corner']);
  expect(sights.map(({ reason }) => reason)).toEqual(expected);
});
