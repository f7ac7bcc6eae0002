/** The built console in a real browser, against the collector's own HTTP interface, store and live relay. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, Locator, Page } from 'playwright-core';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventFlow } from '../collector/event-flow.ts';
import { createHttp, type Http } from '../collector/http/http.ts';
import { createStore } from '../collector/store/create-store.ts';
import type { Store } from '../collector/store/store.ts';
import type { EdgeHealth } from '../contract/edge-report.ts';
import type { CameraRules } from '../contract/rule.ts';
import { createLiveView, type LiveView } from '../edge/live/live-view.ts';
import { launchChromium } from '../testing/chromium.ts';
import { builtConsole } from '../testing/console-build.ts';
import { crossingEvent } from '../testing/events.ts';
import { silentSpeakers } from '../testing/silent-speakers.ts';

const artefacts = 'test-artefacts/console';
const logger = pino({ level: 'silent' });
const password = 'a-long-enough-password';

let folder: string;
let store: Store;
let http: Http;
let live: LiveView;
let browser: Browser;
let page: Page;
let address: string;
let setupToken: string;
const pageErrors: string[] = [];

const health = (appliedVersion: number): EdgeHealth => ({
  edgeId: 'edge-1',
  bootId: 'boot-1',
  atMs: Date.now(),
  outboxRows: 0,
  cameras: [
    {
      cameraId: 'cam-1',
      name: '东巷口',
      state: 'live',
      stateSinceMs: Date.now(),
      analysedPerSecond: 5,
      width: 768,
      height: 576,
      rules: { appliedVersion },
    },
    {
      cameraId: 'cam-2',
      name: '河沿街桥头',
      state: 'auth-failed',
      reason: 'the camera refuses the password',
      stateSinceMs: Date.now(),
      analysedPerSecond: 0,
      rules: { appliedVersion: 0 },
    },
  ],
});

const rulesWith = (points: [number, number][]): CameraRules => ({
  schemaVersion: 1,
  tripwires: [{ ruleId: 'gate', name: '巷口西侧', points, direction: 'both' }],
});

const byId = (id: string): Locator => page.getByTestId(id);

let crossings = 0;

/** Files a crossing as the intake would, of a rule of its own: each is an alarm, also when a test is tried again. */
async function cross(capturedAtMs = Date.now()): Promise<string> {
  const flow = createEventFlow({
    store,
    announce: () => undefined,
    speakerOf: () => undefined,
    newId: uuidv7,
    now: Date.now,
  });
  crossings += 1;
  const event = crossingEvent(crossings, { capturedAtMs, ruleId: `gate-${crossings}` });
  await flow.file([event]);
  const alarms = await store.alarms({ limit: 100 });
  const alarm = alarms.find(({ event: { eventId } }) => eventId === event.eventId);
  if (alarm === undefined) throw new Error('the crossing raised no alarm');
  return alarm.alarmId;
}

/** The pop-up of this alarm and no other: the one before may still be on the screen. */
const popupOf = (alarmId: string): Locator =>
  page.locator(`[data-testid=alarm-popup][data-alarm-id="${alarmId}"]`);

beforeAll(async () => {
  const consoleFolder = await builtConsole();
  mkdirSync(artefacts, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'haoguanjia-console-'));
  store = await createStore({
    database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
    places: [],
  });
  await store.recordStatus({
    edgeId: 'edge-1',
    bootId: 'boot-1',
    online: true,
    sinceMs: Date.now(),
  });
  await store.recordHealth(health(0));
  http = createHttp(
    { host: '127.0.0.1', port: 0, consoleFolder },
    {
      store,
      speakers: silentSpeakers(['horn-1']),
      edges: {
        connected: () => true,
        publishRules: ({ rulesVersion }) => void store.recordHealth(health(rulesVersion)),
        sendCommand: (_, command) => {
          if (command.kind === 'start-live') live.start(command);
          else if (command.kind === 'stop-live') live.stop(command);
        },
      },
      logger,
      now: Date.now,
    },
  );
  const started = await http.start();
  address = started.address;
  setupToken = started.setupToken ?? '';
  const cameras = [{ cameraId: 'cam-1', source: 'test-fixtures/clips/town-square.mp4' }];
  live = createLiveView({ cameras, collectorUrl: address, logger });
  browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  page = await context.newPage();
  page.on('pageerror', (error) => pageErrors.push(error.message));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await live?.stopAll();
  await http?.stop();
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('console', () => {
  it('makes the first account with the one-time token and shows the duty screen', async () => {
    await page.goto(address);
    await byId('setup-token').fill(`${setupToken}x`);
    await byId('username').fill('值班员');
    await byId('password').fill(password);
    await byId('sign-in-submit').click();
    await page.getByText('一次性口令不对').waitFor();
    await byId('setup-token').fill(setupToken);
    await byId('sign-in-submit').click();
    await byId('alarm-list').waitFor();
    await page.locator('[data-testid=feed-state][data-state=connected]').waitFor();
  });

  it('shows every camera with its state, the live picture, and why one cannot be seen', async () => {
    expect(await byId('camera-tile-cam-1').getAttribute('data-state')).toBe('live');
    expect(await byId('camera-tile-cam-2').getAttribute('data-state')).toBe('auth-failed');
    await page.getByText('the camera refuses the password').waitFor();
    await byId('camera-tile-cam-1').locator('[data-live-state=playing]').waitFor();
    await page.screenshot({ path: `${artefacts}/wall.png` });
  });

  it('pops up by itself with the live picture, and Space acknowledges', async () => {
    const alarmId = await cross();
    await popupOf(alarmId).and(page.locator('[data-shown-at-ms]')).waitFor();
    await popupOf(alarmId).locator('[data-live-state=playing]').waitFor();
    await page.screenshot({ path: `${artefacts}/pop-up.png` });
    expect(await page.evaluate('window.haoguanjiaShown')).toContainEqual(
      expect.objectContaining({ alarmId, shownAtMs: expect.any(Number) }),
    );
    await pressUntil(alarmId, ' ', 'acknowledged');
    expect(await store.alarm(alarmId)).toMatchObject({ acknowledgedBy: '值班员' });
  });

  it('lets the next alarm take its place and closes it as a false alarm with F', async () => {
    const alarmId = await cross();
    await popupOf(alarmId).waitFor();
    await pressUntil(alarmId, 'f', 'closed');
    expect(await store.alarm(alarmId)).toMatchObject({ closeReason: 'false-alarm' });
  });

  it('files a late alarm without popping up', async () => {
    await cross(Date.now() - 60_000);
    await byId('alarm-list').getByText('迟到').waitFor();
    expect(await byId('alarm-popup').count()).toBe(0);
  });

  it('keeps its keys to itself while somebody is typing', async () => {
    const alarmId = await cross();
    await popupOf(alarmId).locator('textarea').click();
    await page.keyboard.type('h f ');
    expect(await popupOf(alarmId).getAttribute('data-alarm-state')).toBe('raised');
    await page.keyboard.press('Escape');
    await pressUntil(alarmId, 'h', 'closed');
    expect(await store.alarm(alarmId)).toMatchObject({
      closeReason: 'handled',
      closeNote: 'h f',
    });
  });

  it('draws a tripwire, saves it as version 1 and shows that the edge runs it', async () => {
    await page.goto(`${address}/#/cameras/cam-1`);
    await byId('drawing-canvas').waitFor();
    await byId('tool-tripwire').click();
    await clickPicture(0.25, 0.75);
    await clickPicture(0.5, 0.5);
    await page.keyboard.press('Enter');
    await byId('rule-name').fill('东巷口西侧');
    await byId('save-rules').click();
    await page.locator('[data-testid=rules-status][data-state=applied]').waitFor();
    await page.screenshot({ path: `${artefacts}/drawing.png` });
    const { rulesVersion, rules } = await store.rules('cam-1');
    expect(rulesVersion).toBe(1);
    const [wire] = rules.tripwires ?? [];
    expect(wire).toMatchObject({ ruleId: 'tripwire-1', name: '东巷口西侧', direction: 'both' });
    const expected = [0.25, 0.75, 0.5, 0.5];
    wire?.points.flat().forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 2);
    });
  });

  it('asks whose version to keep when somebody else saved meanwhile', async () => {
    await store.saveRules(
      'cam-1',
      rulesWith([
        [0, 0.5],
        [1, 0.5],
      ]),
      1,
      'somebody',
      Date.now(),
    );
    await byId('rule-name').fill('我的名字');
    await byId('save-rules').click();
    await page.getByText('别人已保存了 v2').waitFor();
    await page.getByRole('button', { name: '用我的覆盖' }).click();
    await page.locator('[data-testid=rules-status][data-state=applied]').waitFor();
    const { rulesVersion, rules } = await store.rules('cam-1');
    expect([rulesVersion, rules.tripwires?.[0]?.name]).toEqual([3, '我的名字']);
  });

  it('plays MPEG-1 where the browser cannot play what the camera sends', async () => {
    const old = await page.context().newPage();
    await old.addInitScript('delete window.MediaSource; delete window.ManagedMediaSource;');
    await old.goto(address);
    const view = old.locator('[data-testid=camera-tile-cam-1] [data-live-format=mpeg1]');
    await view.waitFor();
    await old.locator('[data-testid=camera-tile-cam-1] [data-live-state=playing]').waitFor();
    await old.screenshot({ path: `${artefacts}/mpeg1.png` });
    await old.close();
  });

  it('says unmistakably that the feed is lost', async () => {
    await page.context().setOffline(true);
    await http.stop();
    await byId('feed-lost').waitFor();
    await page.screenshot({ path: `${artefacts}/feed-lost.png` });
  });

  it('has thrown nothing in all of this', () => {
    expect(pageErrors).toEqual([]);
  });
});

/** A key pressed right after another alarm came forward is ignored on purpose: press again until it took. */
async function pressUntil(
  alarmId: string,
  key: string,
  state: 'acknowledged' | 'closed',
): Promise<void> {
  await expect
    .poll(
      async () => {
        const now = await store.alarm(alarmId);
        if (now?.state === 'raised') await page.keyboard.press(key);
        return now?.state;
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe(state);
}

async function clickPicture(x: number, y: number): Promise<void> {
  const box = await byId('drawing-canvas').boundingBox();
  if (box === null) throw new Error('the picture is not on the screen');
  await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
}
