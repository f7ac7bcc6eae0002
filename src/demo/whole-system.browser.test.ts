/**
 * The main job with nothing faked: a recorded clip comes in over RTSP, a person crosses the drawn wire, the picture pops
 * up in Chromium and the lane's speaker says something; then the broker is killed and a camera unplugged.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { pino } from 'pino';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlarmView } from '../contract/console-api.ts';
import type { CameraRules } from '../contract/rule.ts';
import { matchEnvelopes } from '../testing/audio-envelope.ts';
import { launchChromium } from '../testing/chromium.ts';
import { builtConsole } from '../testing/console-build.ts';
import { isLoopback, listeningPorts } from '../testing/listening-ports.ts';
import { createMosquitto, type Mosquitto } from '../testing/mosquitto.ts';
import { runningProcesses } from '../testing/processes.ts';
import { createDemo, type Demo, type DemoFacts } from './demo.ts';

const artefacts = 'test-artefacts/whole-system';
const password = 'a-long-enough-password';
const secrets = { broker: 'canary-broker-1', edge: 'canary-edge-22', camera: 'canary-camera-3' };
const camera = 'square-east';

/** One wire that speaks, once; the others call without a pause, so that enough happens in one pass of the clip. */
const rules: CameraRules = {
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'speaking',
      name: '东门划线',
      points: [
        [0.93, 0.45],
        [0.84, 0.85],
      ],
      response: {
        cooldownSeconds: 3600,
        announcement: { kind: 'speech', text: '您已进入警戒区域，请立即离开', language: 'zh-CN' },
      },
    },
    {
      ruleId: 'silent',
      name: '小路',
      points: [
        [0.42, 0.62],
        [0.5, 0.3],
      ],
      response: { cooldownSeconds: 0 },
    },
  ],
};

let folder: string;
let logFile: string;
let mosquitto: Mosquitto;
let demo: Demo;
let facts: DemoFacts;
let browser: Browser;
let page: Page;
const pageErrors: string[] = [];
/** Everything that went over the broker. */
const carried: string[] = [];
let listener: MqttClient;

const byId = (id: string): Locator => page.getByTestId(id);
const tile = () => byId(`camera-tile-${camera}`);

beforeAll(async () => {
  await builtConsole();
  mkdirSync(artefacts, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'haoguanjia-whole-'));
  logFile = join(folder, 'log');
  mosquitto = await createMosquitto();
  await mosquitto.start();
  listener = await mqtt.connectAsync(mosquitto.url);
  listener.on('message', (topic, payload) => carried.push(topic, payload.toString('latin1')));
  await listener.subscribeAsync('#', { qos: 0 });
  demo = createDemo(
    {
      port: 0,
      dataFolder: folder,
      brokerUrl: mosquitto.url,
      secrets,
      rules: { [camera]: rules },
    },
    pino({ base: null }, pino.destination({ dest: logFile, sync: true })),
  );
  facts = await demo.start(() => undefined);
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.goto(facts.address);
  await byId('setup-token').fill(facts.setupToken ?? '');
  await byId('username').fill('值班员');
  await byId('password').fill(password);
  await byId('sign-in-submit').click();
  await byId('alarm-list').waitFor();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  await listener?.endAsync(true);
  await mosquitto?.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('the whole system', { timeout: 120_000 }, () => {
  it('pops the picture up when a person crosses the wire, with snapshot, wire and trail', async () => {
    const popup = byId('alarm-popup');
    await page.locator('[data-testid=alarm-popup][data-shown-at-ms]').waitFor({ timeout: 90_000 });
    await popup.locator('[data-live-state=playing]').waitFor();
    await popup.locator('.popup-snapshot img').waitFor();
    await page.screenshot({ path: `${artefacts}/pop-up.png` });
    const alarmId = (await popup.getAttribute('data-alarm-id')) ?? '';
    const alarm = await demo.store().alarm(alarmId);
    expect(alarm).toMatchObject({ cameraId: camera, state: 'raised', late: false });
    expect(alarm?.event).toMatchObject({ kind: 'tripwire-crossed', ruleVersion: 1 });
    const snapshot = await demo.store().snapshot(alarm?.event.eventId ?? '');
    expect(
      Buffer.from(snapshot ?? [])
        .subarray(0, 3)
        .toString('hex'),
    ).toBe('ffd8ff');
  });

  it('lets the lane hear what was prepared, once', async () => {
    const spoken = async (): Promise<AlarmView | undefined> =>
      (await demo.store().alarms({ limit: 200 })).find(
        ({ announcement }) => announcement !== undefined,
      );
    await expect
      .poll(async () => (await spoken())?.announcement?.state, { timeout: 90_000, interval: 200 })
      .toBe('sent');
    const prepared = readdirSync(join(folder, 'collector', 'speech')).filter((name) =>
      name.endsWith('.wav'),
    );
    expect(prepared).toHaveLength(1);
    await expect
      .poll(
        async () => {
          const heard = await matchEnvelopes(
            join(folder, 'collector', 'speech', prepared[0] ?? ''),
            facts.spokenFile,
          );
          return heard.correlation;
        },
        { timeout: 10_000, interval: 500 },
      )
      .toBeGreaterThanOrEqual(0.98);
  });

  it('listens on loopback only', () => {
    const ports = listeningPorts();
    expect(ports.length).toBeGreaterThanOrEqual(3);
    expect(ports.filter((port) => !isLoopback(port))).toEqual([]);
  });

  it('shows no secret on a command line, in the log, in an answer, on the broker or in any file that it keeps', async () => {
    const answers = await Promise.all(
      ['/api/cameras', '/api/edges', '/api/speakers', '/api/alarms', '/docs/json', '/health'].map(
        async (path) => {
          const answer = await page.request.get(`${facts.address}${path}`);
          expect([path, answer.status()]).toEqual([path, 200]);
          return answer.text();
        },
      ),
    );
    const commandLines = runningProcesses().map(({ commandLine }) => commandLine);
    expect(commandLines.filter((line) => line.startsWith('ffmpeg')).length).toBeGreaterThan(1);
    const seen = [...answers, ...commandLines, readFileSync(logFile, 'utf8')].join('\n');
    const files = keptFiles(folder);
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining([expect.stringMatching(/collector\.sqlite$/)]),
    );
    expect(carried.length).toBeGreaterThan(10);
    for (const secret of [...Object.values(secrets), password]) {
      expect(seen).not.toContain(secret);
      expect(carried.filter((text) => text.includes(secret))).toEqual([]);
      expect(files.filter(({ text }) => text.includes(secret)).map(({ name }) => name)).toEqual([]);
    }
  });

  it('loses and doubles no event when the broker is killed and comes back', async () => {
    const before = await stored();
    await mosquitto.kill();
    await outboxHolds(3);
    await mosquitto.start();
    await expect.poll(() => demo.waitingEvents(), { timeout: 30_000, interval: 250 }).toBe(0);
    const after = await stored();
    expect(after.length).toBeGreaterThanOrEqual(before.length + 3);
    const sequences = after.map(({ sequence }) => sequence).sort((a, b) => a - b);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });

  it('shows a camera that is away for 20 s offline within 10 s, and back within 5 s of its return', async () => {
    await putAsideAll();
    await expectTile('live', 10_000);
    const droppedAt = performance.now();
    demo.cameras().drop(camera);
    await expectTile('offline', 10_000);
    await page.screenshot({ path: `${artefacts}/camera-offline.png` });
    const restMs = Math.max(0, droppedAt + 20_000 - performance.now());
    await new Promise((resolve) => setTimeout(resolve, restMs));
    demo.cameras().resume(camera);
    await expectTile('live', 5000);
  });

  it('runs a wire that was just drawn within two seconds, and says so', async () => {
    // Without the wire that calls all the time, nothing pops up over the drawing.
    const quiet = { ...rules, tripwires: rules.tripwires?.slice(0, 1) };
    // A try before this one may have saved its wire or left it unsaved on the page.
    const { rulesVersion: basedOnVersion } = await demo.store().rules(camera);
    await send('PUT', `/api/cameras/${camera}/rules`, { rules: quiet, basedOnVersion });
    await putAsideAll();
    await page.goto('about:blank');
    await page.goto(`${facts.address}/#/cameras/${camera}`);
    await byId('drawing-canvas').waitFor();
    await byId('tool-tripwire').click();
    await clickPicture(0.6, 0.55);
    await clickPicture(0.75, 0.75);
    await page.keyboard.press('Enter');
    await byId('rule-name').fill('新划线');
    await byId('save-rules').click();
    await page.locator('[data-testid=rules-status][data-state=applied]').waitFor({ timeout: 2000 });
    await page.screenshot({ path: `${artefacts}/drawing.png` });
    const saved = await demo.store().rules(camera);
    const drawn = basedOnVersion + 2;
    expect([saved.rulesVersion, saved.rules.tripwires?.length]).toEqual([drawn, 2]);
    expect((await demo.store().camera(camera))?.appliedRulesVersion).toBe(drawn);
  });

  it('says what the person did after the announcement', async () => {
    const warned = async (): Promise<AlarmView['warning']> =>
      (await demo.store().alarms({ limit: 500 })).find(({ warning }) => warning !== undefined)
        ?.warning;
    await expect.poll(warned, { timeout: 60_000, interval: 250 }).toMatchObject({
      outcome: expect.stringMatching(/^(left|still-there|unknown)$/),
      afterSeconds: expect.any(Number),
    });
  });

  it('has thrown nothing in the page in all of this', () => {
    expect(pageErrors).toEqual([]);
  });
});

/** Databases, outboxes, caches, logs: what could be read of a disk that was taken away. */
function keptFiles(place: string): readonly Readonly<{ name: string; text: string }>[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(wav|jpg|mp4|m4s)$/.test(entry.name))
    .map((entry) => {
      const name = join(entry.parentPath, entry.name);
      return { name, text: readFileSync(name, 'latin1') };
    });
}

async function stored() {
  return demo.store().events({ limit: 10_000 });
}

/** Waits until the edge has seen so much that it cannot tell. The broker is away, so the edge itself is asked. */
async function outboxHolds(rows: number): Promise<void> {
  await expect
    .poll(() => demo.waitingEvents(), { timeout: 80_000, interval: 250 })
    .toBeGreaterThanOrEqual(rows);
}

async function expectTile(state: string, timeout: number): Promise<void> {
  await page
    .locator(`[data-testid=camera-tile-${camera}][data-state=${state}]`)
    .waitFor({ timeout });
  expect(await tile().getAttribute('data-state')).toBe(state);
}

/** The wall is behind the pop-up. */
async function putAsideAll(): Promise<void> {
  for (const { alarmId } of await demo.store().alarms({ states: ['raised'], limit: 200 })) {
    await send('POST', `/api/alarms/${alarmId}/close`, { reason: 'handled' });
  }
}

async function send(method: 'POST' | 'PUT', path: string, data: unknown): Promise<void> {
  const answer = await page.request.fetch(`${facts.address}${path}`, {
    method,
    data,
    headers: { origin: facts.address },
  });
  expect([path, answer.status()]).toEqual([path, 200]);
}

async function clickPicture(x: number, y: number): Promise<void> {
  const box = await byId('drawing-canvas').boundingBox();
  if (box === null) throw new Error('the picture is not on the screen');
  await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
}
