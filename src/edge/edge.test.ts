/** A whole edge box on real RTSP, a real broker and the real model, with cameras that cannot work beside one that can. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { pino } from 'pino';
import sharp, { type Region } from 'sharp';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BlindReport } from '../contract/blind-time.ts';
import type { CameraHealth, EdgeHealth } from '../contract/edge-report.ts';
import type { CameraRules } from '../contract/rule.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import { createRtspServer, type RtspServer } from '../demo/rtsp-server.ts';
import { createMosquitto, freePort, type Mosquitto } from '../testing/mosquitto.ts';
import { childrenOf } from '../testing/processes.ts';
import { createEdge, type Edge } from './edge.ts';

const clip = 'test-fixtures/clips/town-square.mp4';
const credentials = { username: 'viewer', password: 'canary-of-camera' };

let folder: string;
let mosquitto: Mosquitto;
let rtsp: RtspServer;
let edge: Edge;
let client: MqttClient;
let health: EdgeHealth | undefined;
let statusPort: number;
const snapshots = new Map<string, Buffer>();
const events: RuleEvent[] = [];
const blind: BlindReport[] = [];

const cameraHealth = (cameraId: string): CameraHealth | undefined =>
  health?.cameras.find((one) => one.cameraId === cameraId);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edge-'));
  mosquitto = await createMosquitto();
  await mosquitto.start();
  rtsp = createRtspServer({ cameras: [{ path: 'gate', file: clip }], credentials });
  const { url } = await rtsp.start();
  client = await mqtt.connectAsync(mosquitto.url);
  client.on('message', (topic, payload) => {
    const [kind = '', id = ''] = topic.split('/').slice(3);
    if (kind === 'snapshot') snapshots.set(id, payload);
    else if (kind === 'event') events.push(JSON.parse(payload.toString()).data as RuleEvent);
    else if (kind === 'blind') blind.push(JSON.parse(payload.toString()) as BlindReport);
    else health = JSON.parse(payload.toString()) as EdgeHealth;
  });
  await client.subscribeAsync(
    ['health', 'snapshot/+', 'event/+', 'blind'].map((end) => `haoguanjia/v1/edge-1/${end}`),
  );
  statusPort = await freePort();
  const camera = { analysisFps: 5, username: 'viewer' };
  edge = createEdge(
    {
      edgeId: 'edge-1',
      dataFolder: folder,
      collectorUrl: 'http://127.0.0.1:9',
      broker: { url: mosquitto.url },
      detector: { manifest: 'models/nanodet-416x320-int8.manifest.json' },
      status: { host: '127.0.0.1', port: statusPort },
      cameras: [
        { ...camera, cameraId: 'good', name: 'Good', source: url('gate'), ...credentials },
        { ...camera, cameraId: 'locked', name: 'Locked', source: url('gate'), password: 'wrong' },
        { ...camera, cameraId: 'unknown', name: 'Unknown', source: url('nowhere'), ...credentials },
        {
          ...camera,
          cameraId: 'absent',
          name: 'Absent',
          source: `rtsp://127.0.0.1:${await freePort()}/x`,
        },
      ],
    },
    pino({ level: 'silent' }),
  );
  await edge.start();
}, 60_000);

afterAll(async () => {
  await edge?.stop();
  await client?.endAsync(true);
  await rtsp?.stop();
  await mosquitto?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function brightest(jpeg: Buffer | undefined, area: Region): Promise<number> {
  const values = await sharp(jpeg).extract(area).raw().toBuffer();
  return values.reduce((most, value) => Math.max(most, value), 0);
}

describe('an edge box', { timeout: 60_000 }, () => {
  test('runs its good camera at its rate while three others cannot work, and says why', async () => {
    await expect
      .poll(() => cameraHealth('good')?.analysedPerSecond, { timeout: 30_000, interval: 200 })
      .toBeGreaterThanOrEqual(4.5);
    expect(cameraHealth('good')).toMatchObject({ state: 'live', width: 768, height: 576 });
    expect(cameraHealth('locked')).toMatchObject({
      state: 'auth-failed',
      reason: expect.stringMatching(/camera locked: .*(password|user name).*;/),
    });
    expect(cameraHealth('unknown')).toMatchObject({
      state: 'offline',
      reason: expect.stringMatching(/camera unknown: .*nowhere.*;/),
    });
    expect(cameraHealth('absent')).toMatchObject({
      state: 'offline',
      reason: expect.stringMatching(/camera absent: .*;/),
    });
    expect(JSON.stringify(health)).not.toContain(credentials.password);
  });

  test('tells whoever looks into it which cameras are blind', async () => {
    const answer = await fetch(`http://127.0.0.1:${statusPort}/health`);
    const { faults } = (await answer.json()) as { faults: readonly string[] };
    expect(answer.status).toBe(503);
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'camera locked',
      'camera unknown',
      'camera absent',
    ]);
    expect(faults.join()).not.toContain(credentials.password);
  });

  test('counts for how long each camera is blind, shows it and tells the centre', async () => {
    const figures = async (): Promise<string> =>
      (await fetch(`http://127.0.0.1:${statusPort}/metrics`)).text();
    await expect
      .poll(figures, { timeout: 30_000 })
      .toMatch(/blind_seconds_today\{camera="locked",rule="",reason="offline"\} [1-9]/);
    expect(await figures()).not.toMatch(/\{camera="good",rule="",reason="offline"\}/);
    await expect.poll(() => blind[0]?.entries.length, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(blind[0]?.edgeId).toBe('edge-1');
  });

  test('refuses rules that make no sense and runs the last good ones on', async () => {
    const send = async (rulesVersion: number, rules: unknown): Promise<void> => {
      const message = { cameraId: 'good', rulesVersion, rules };
      await client.publishAsync('haoguanjia/v1/edge-1/rules/good', JSON.stringify(message), {
        qos: 1,
      });
    };
    const wire = (ruleId: string): NonNullable<CameraRules['tripwires']> => [
      {
        ruleId,
        points: [
          [0.1, 0.5],
          [0.9, 0.5],
        ],
      },
    ];
    await send(1, { schemaVersion: 1, tripwires: wire('gate') } satisfies CameraRules);
    await expect.poll(() => cameraHealth('good')?.rules.appliedVersion).toBe(1);
    await send(2, { schemaVersion: 1, tripwires: [...wire('a'), ...wire('a')] });
    await expect
      .poll(() => cameraHealth('good')?.rules)
      .toEqual({
        appliedVersion: 1,
        refused: { version: 2, reason: expect.stringMatching(/two rules are called "a"/) },
      });
  });

  test('hides what is masked from its snapshots as soon as the mask is drawn', async () => {
    const outline: [number, number][] = [
      [0, 0],
      [1, 0],
      [1, 0.2],
      [0, 0.2],
    ];
    const everywhere: [number, number][] = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    const rules: CameraRules = {
      schemaVersion: 1,
      zones: [{ ruleId: 'place', points: everywhere, occupiedSeconds: 1 }],
      privacyMasks: [{ ruleId: 'windows', points: outline }],
    };
    const message = { cameraId: 'good', rulesVersion: 3, rules };
    await client.publishAsync('haoguanjia/v1/edge-1/rules/good', JSON.stringify(message), {
      qos: 1,
    });
    const snapshot = (): Buffer | undefined =>
      events.flatMap((one) =>
        'ruleId' in one && one.ruleId === 'place' ? (snapshots.get(one.eventId) ?? []) : [],
      )[0];
    await expect.poll(snapshot, { timeout: 30_000 }).toBeDefined();
    const hidden = { left: 40, top: 32, width: 690, height: 70 };
    const shown = { left: 40, top: 180, width: 690, height: 70 };
    expect(await brightest(snapshot(), hidden)).toBeLessThan(8);
    expect(await brightest(snapshot(), shown)).toBeGreaterThan(100);
  });

  test('says of somebody who was warned whether they left, and why when it cannot know', async () => {
    const seen = events.find((one) => 'ruleId' in one && one.ruleId === 'place');
    if (seen === undefined || !('trackId' in seen)) throw new Error('nobody was seen');
    const ask = async (eventId: string, changes: object): Promise<void> => {
      const { cameraId, ruleId, trackId, personId, capturedAtMs } = seen;
      const who = { cameraId, ruleId, trackId, personId, capturedAtMs, forSeconds: 4 };
      const command = { kind: 'watch-leaving', eventId, ...who, ...changes };
      await client.publishAsync('haoguanjia/v1/edge-1/command', JSON.stringify(command), {
        qos: 1,
      });
    };
    const [ofLocked, ofEarlier] = [uuidv7(), uuidv7()];
    await ask(seen.eventId, {});
    await ask(ofLocked, { cameraId: 'locked' });
    await ask(ofEarlier, { capturedAtMs: 1 });
    const answerTo = (eventId: string) =>
      events.find((one) => one.kind === 'warning-answered' && one.warnedEventId === eventId);
    const asked = [seen.eventId, ofLocked, ofEarlier];
    await expect
      .poll(() => asked.every((id) => answerTo(id) !== undefined), { timeout: 30_000 })
      .toBe(true);
    expect(answerTo(seen.eventId)).toMatchObject({
      cameraId: 'good',
      outcome: expect.stringMatching(/^(left|still-there)$/),
    });
    expect(answerTo(ofLocked)).toMatchObject({
      cameraId: 'locked',
      outcome: 'unknown',
      reason: expect.stringMatching(/password|user name/),
    });
    expect(answerTo(ofEarlier)).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringMatching(/anew/),
    });
  });

  test('leaves no child behind when it stops', async () => {
    await edge.stop();
    expect(
      childrenOf(process.pid).filter(({ commandLine }) =>
        /ffmpeg .*rtsp:\/\/127/.test(commandLine),
      ),
    ).toEqual([]);
  });
});
