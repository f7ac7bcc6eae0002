/**
 * The map in a real browser on real speakers: who is well, who is not and why, who calls, what was not said
 * and why; a click opens it; the scope holds.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSpeakers, type Speakers } from '../../collector/speakers/speakers.ts';
import { createRtpReceiver, type RtpReceiver } from '../../demo/rtp-receiver.ts';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { launchChromium } from '../../testing/chromium.ts';
import { builtConsole } from '../../testing/console-build.ts';
import { crossingEvent } from '../../testing/events.ts';
import { quietFlow } from '../../testing/quiet-centre.ts';

const artefacts = 'test-artefacts/console';
const patient = { timeout: 20_000, interval: 20 };
const zone = { speakerId: 'both', speakerIds: ['horn-north', 'horn-south'] };
let centre: Centre;
let speakers: Speakers;
let receiver: RtpReceiver;
let browser: Browser;
let page: Page;
/** How far the speakers' clock is ahead. */
let aheadMs = 0;

beforeAll(async () => {
  mkdirSync(artefacts, { recursive: true });
  receiver = createRtpReceiver({ wavFile: join(artefacts, 'map-horn.wav') });
  const port = await receiver.start();
  const address = '127.0.0.1';
  centre = await openCentre({
    settings: { consoleFolder: await builtConsole() },
    zones: [zone],
    dependencies: (folder, store) => {
      speakers = createSpeakers(
        {
          speakers: [
            { driver: 'rtp', speakerId: 'horn-north', name: '北巷喇叭', address, port } as const,
            // Nothing listens there.
            {
              driver: 'sip',
              speakerId: 'horn-south',
              name: '南巷话机',
              address,
              port: 1,
              user: '1',
            },
            { driver: 'zone', name: '全部', ...zone, speakerIds: [...zone.speakerIds] },
          ],
          cacheFolder: join(folder, 'cache'),
        },
        { store, logger: pino({ level: 'silent' }), now: () => Date.now() + aheadMs },
      );
      const at = (x: number, y: number): [number, number] => [x, y];
      const map = {
        view: {
          aspectRatio: 2,
          hasPicture: false,
          cameras: [
            { cameraId: 'cam-north', at: at(0.25, 0.25) },
            { cameraId: 'cam-south', at: at(0.75, 0.5) },
          ],
          speakers: [],
        },
      };
      return { speakers, map };
    },
  });
  await speakers.start();
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await centre?.close();
  await speakers?.stop();
  await receiver?.stop();
});

async function open(scope: Parameters<Centre['addUser']>[1]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const [name = '', value = ''] = (
    await centre.cookieOf(await centre.addUser('operator', scope))
  ).split('=');
  await context.addCookies([{ name, value, url: centre.address }]);
  const opened = await context.newPage();
  opened.setDefaultTimeout(15_000);
  await opened.goto(`${centre.address}/#/map`);
  return opened;
}

const attribute = (id: string, name: string) => () => page.getByTestId(id).getAttribute(name);
const text = (id: string) => () => page.getByTestId(id).first().textContent();

it('shows cameras, speakers and alarms where they stand, and why a speaker is silent', async () => {
  page = await open({ kind: 'all' });
  await expect.poll(attribute('map-camera-cam-north', 'data-state'), patient).toBe('live');
  expect(await attribute('map-camera-cam-north', 'data-alarm')()).toBe('raised');
  await expect.poll(attribute('map-speaker-horn-north', 'data-state'), patient).toBe('unproven');
  await expect.poll(attribute('map-speaker-horn-south', 'data-state'), patient).toBe('failed');
  const [stage, north, south] = await Promise.all(
    ['map-stage', 'map-camera-cam-north', 'map-camera-cam-south'].map((id) =>
      page.getByTestId(id).boundingBox(),
    ),
  );
  const middle = (box: typeof north): number => (box?.x ?? 0) + (box?.width ?? 0) / 2;
  expect(middle(south) - middle(north)).toBeCloseTo((stage?.width ?? 0) / 2, -1);

  await putPopUpsAside();
  await page.getByTestId('map-speaker-horn-south').click();
  await expect.poll(text('map-chosen'), patient).toBe('南巷话机');
  expect(await attribute('map-speaker-horn-south', 'aria-pressed')()).toBe('true');
  expect(await text('map-side')()).toContain('上没有 SIP 设备');
  await page.getByTestId('map-camera-cam-south').click();
  await expect.poll(attribute('map-camera-cam-south', 'aria-pressed'), patient).toBe('true');
  expect(await attribute('map-speaker-horn-south', 'aria-pressed')()).toBe('false');
  await page.locator('.map-back').click();
  await page.getByTestId('map-chosen').waitFor({ state: 'detached' });
});

it('shows at the speaker that an announcement has failed, and why, in both languages', async () => {
  expect(await attribute('map-speaker-horn-south', 'data-failure')()).toBeNull();
  await announceInVain();
  await putPopUpsAside();
  const failure = attribute('map-speaker-horn-south', 'data-failure');
  await expect.poll(failure, patient).toBe('unreachable');
  const chinese = /音柱无法连接.*127\.0\.0\.1:1 上没有 SIP 设备，请检查音柱的地址/s;
  expect(await attribute('map-speaker-horn-south', 'title')()).toMatch(chinese);
  expect(await text('map-failure-horn-south')()).toMatch(chinese);
  await page.getByTestId('map-speaker-horn-south').click();
  await expect.poll(text('map-failure'), patient).toMatch(chinese);
  expect(await text('map-failure')()).toContain('请马上离开');

  await page.getByTestId('switch-language').click();
  const english = /no SIP device listens at 127\.0\.0\.1:1; check the speaker's address/;
  await expect.poll(text('map-failure'), patient).toMatch(english);
  await page.goto(`${centre.address}/#/speakers`);
  const row = page.getByRole('row', { name: '请马上离开' });
  await expect.poll(() => row.textContent(), patient).toMatch(english);
  await page.getByTestId('switch-language').click();
  await expect
    .poll(() => row.textContent(), patient)
    .toMatch(/南巷话机.*cam-south.*没有 SIP 设备/s);
  await page.screenshot({ path: `${artefacts}/failed-announcement.png` });
});

/** A crossing whose rule speaks, through the speaker that is not there. */
async function announceInVain(): Promise<void> {
  const { store, now } = centre;
  const announcement = { kind: 'speech', text: '请马上离开', language: 'zh-CN' } as const;
  const points: [number, number][] = [
    [0, 0],
    [1, 1],
  ];
  const tripwires = [{ ruleId: 'loud', points, response: { announcement } }];
  await store.saveRules('cam-south', { schemaVersion: 1, tripwires }, 0, 'li', now());
  const flow = quietFlow(store, {
    ...{ announce: speakers.announce, speakerOf: () => 'horn-south', now },
  });
  const crossing = { cameraId: 'cam-south', edgeId: 'edge-south', ruleId: 'loud' };
  await flow.file([crossingEvent(9, { ...crossing, capturedAtMs: now() })]);
}

/** As an operator does: the map is behind them. */
async function putPopUpsAside(): Promise<void> {
  const popUp = page.getByTestId('alarm-popup');
  await popUp.waitFor();
  const left = async (): Promise<number> => {
    if ((await popUp.count()) > 0) await page.keyboard.press('Escape');
    return popUp.count();
  };
  await expect.poll(left, patient).toBe(0);
}

it('flags a speaker that has not proven itself for a day', async () => {
  aheadMs = 25 * 3_600_000;
  page = await open({ kind: 'all' });
  await expect.poll(attribute('map-speaker-horn-north', 'data-state'), patient).toBe('flagged');
  await page.screenshot({ path: `${artefacts}/map.png` });
});

it('shows nothing that lies outside the scope', async () => {
  const limited = await open({ kind: 'some', grids: ['north'], cameras: [] });
  const answer = await limited.request.get(`${centre.address}/api/map`);
  expect(await answer.json()).toEqual({
    ...{ aspectRatio: 2, hasPicture: false, speakers: [] },
    cameras: [{ cameraId: 'cam-north', at: [0.25, 0.25] }],
  });
  await limited.getByTestId('map-camera-cam-north').waitFor();
  expect(await limited.locator('.map-marker').count()).toBe(2);
});
