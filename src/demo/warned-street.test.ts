/**
 * The closed loop on real pictures: the lane's speaker warns who stays in the square, the box sees what they do then, and
 * who is still there half a minute later calls the operator again, louder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { AlarmView } from '../contract/console-api.ts';
import type { CameraRules, Zone } from '../contract/rule.ts';
import { createDemo, type Demo } from './demo.ts';

const square: Zone = {
  ruleId: 'square',
  name: '广场滞留',
  points: [
    [0.01, 0.01],
    [0.99, 0.01],
    [0.99, 0.99],
    [0.01, 0.99],
  ],
  dwellSeconds: 5,
  reportsPassage: false,
  response: {
    severity: 'warning',
    cooldownSeconds: 8,
    escalateIfStillThere: true,
    announcement: { kind: 'speech', text: '请尽快离开', language: 'zh-CN' },
  },
};

let folder = '';
let demo: Demo;
const raised: AlarmView[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warned-street-'));
  const none: CameraRules = { schemaVersion: 1 };
  const rules = { 'square-east': { ...none, zones: [square] }, 'square-west': none };
  const settings = { port: 0, dataFolder: folder, rules };
  demo = createDemo(settings, pino({ level: 'silent' }));
  demo.onFeed((message) => {
    if (message.kind === 'alarm-raised') raised.push(message.alarm);
  });
  await demo.start(() => undefined);
}, 60_000);
afterAll(async () => {
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('who is still there after the warning calls again, one step more severe, and wants to be acknowledged', async () => {
  const patience = { timeout: 150_000, interval: 250 };
  const again = await vi.waitFor(() => {
    const found = raised.find(({ warning }) => warning !== undefined);
    if (found === undefined) throw new Error('nobody has called again');
    return found;
  }, patience);
  expect(again).toMatchObject({ state: 'raised', severity: 'emergency' });
  expect(again.warning).toMatchObject({ outcome: 'still-there', escalated: true });
  expect(again.warning?.afterSeconds).toBeGreaterThanOrEqual(30);
  const first = raised.find(({ alarmId }) => alarmId === again.alarmId);
  expect(first).toMatchObject({ state: 'raised', severity: 'warning' });
  expect(demo.packetsHeard()).toBeGreaterThan(50);
}, 160_000);
