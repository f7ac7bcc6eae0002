/**
 * What a duty officer does with an alarm and with a camera's picture, in Chromium against the whole system: the event's clip
 * plays, evidence is held, released and taken out, a rule is tried on stored tracks, and a privacy mask blackens the picture.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlarmView } from '../contract/console-api.ts';
import type { CameraRules, Tripwire } from '../contract/rule.ts';
import { defaultTimeZone } from '../contract/schedule.ts';
import { launchChromium } from '../testing/chromium.ts';
import { builtConsole } from '../testing/console-build.ts';
import { createDemo, type Demo } from './demo.ts';

const clockInLane = new Intl.DateTimeFormat('en-GB', {
  ...{ timeZone: defaultTimeZone, timeStyle: 'medium', hourCycle: 'h23' },
});

const artefacts = 'test-artefacts/duty-room';
const camera = 'square-east';
const patient = { timeout: 30_000, interval: 100 };
const gate: Tripwire = {
  ruleId: 'gate',
  name: '东门划线',
  points: [
    [0.93, 0.45],
    [0.84, 0.85],
  ],
  response: { cooldownSeconds: 5, severity: 'emergency' },
};
/** The same wire, of whose events nobody wants to see a clip. */
const unseen: Tripwire = {
  ...gate,
  ruleId: 'unseen',
  clip: false,
  response: { cooldownSeconds: 5, severity: 'information' },
};
/** What is no emergency waits while the operator draws. */
const warning: Tripwire = {
  ...unseen,
  response: { cooldownSeconds: 5, severity: 'warning' },
};
const rules: CameraRules = { schemaVersion: 1, tripwires: [gate, unseen] };

let folder: string;
let demo: Demo;
let browser: Browser;
let page: Page;
let address: string;
let alarmId: string;
const pageErrors: string[] = [];

const byId = (id: string): Locator => page.getByTestId(id);
const alarm = (): Promise<AlarmView | undefined> => demo.store().alarm(alarmId);
/** Oldest first. */
const alarmsOf = async (rule: string): Promise<readonly AlarmView[]> =>
  (await demo.store().alarms({ limit: 200 }))
    .filter(({ event }) => 'ruleId' in event && event.ruleId === rule)
    .sort((a, b) => a.event.capturedAtMs - b.event.capturedAtMs);

beforeAll(async () => {
  await builtConsole();
  mkdirSync(artefacts, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'duty-room-'));
  demo = createDemo(
    { port: 0, dataFolder: folder, rules: { [camera]: rules } },
    pino({ level: 'silent' }),
  );
  const facts = await demo.start(() => undefined);
  address = facts.address;
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.on('pageerror', (error) => pageErrors.push(error.message));
  const account = { username: '班长', password: 'a-long-enough-password' };
  const token = facts.setupToken;
  await page.request.post(`${address}/api/setup`, { data: { token, ...account } });
  await page.goto(address);
  await byId('alarm-list').waitFor();
  alarmId = await alarmWithClip();
  for (const open of await demo.store().alarms({ states: ['raised'], limit: 200 }))
    if (open.alarmId !== alarmId)
      await send('POST', `/api/alarms/${open.alarmId}/close`, { reason: 'handled' });
  await page.locator(`[data-testid=alarm-popup][data-alarm-id="${alarmId}"]`).waitFor();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The first crossings may come before the camera's stream is kept: one of a later crossing has a clip. */
async function alarmWithClip(): Promise<string> {
  for (;;) {
    const found = (await alarmsOf('gate')).find(({ hasClip }) => hasClip === true);
    if (found !== undefined) return found.alarmId;
    await page.waitForTimeout(200);
  }
}

/** Gives the reason that is asked for. */
async function give(reason: string): Promise<void> {
  await byId('reason').fill(reason);
  await page.keyboard.press('Enter');
  await byId('reason').waitFor({ state: 'detached' });
}

/** A key pressed while the pop-up has only just appeared is ignored on purpose: press again until it took. */
async function pressUntilAsked(key: string): Promise<void> {
  await expect
    .poll(async () => {
      if ((await byId('reason').count()) === 0) await page.keyboard.press(key);
      return byId('reason').isVisible();
    }, patient)
    .toBe(true);
}

describe('an alarm before the duty officer', { timeout: 120_000 }, () => {
  it('plays the clip of the event, and hands out parts of it', async () => {
    await byId('popup-play-clip').click();
    const clip = byId('popup-clip');
    const seconds = () => clip.evaluate((video: HTMLVideoElement) => video.currentTime);
    await expect.poll(seconds, patient).toBeGreaterThan(0.4);
    await page.screenshot({ path: `${artefacts}/clip.png` });
    const length = await clip.evaluate((video: HTMLVideoElement) => video.duration);
    expect(length).toBeGreaterThan(5);
    await clip.evaluate((video: HTMLVideoElement, to) => {
      video.currentTime = to;
    }, length - 1);
    await expect.poll(seconds, patient).toBeGreaterThan(length - 1.1);
    const eventId = (await alarm())?.event.eventId;
    const part = await page.request.get(`${address}/api/clips/${eventId}`, {
      headers: { range: 'bytes=4-7' },
    });
    expect([part.status(), (await part.body()).toString()]).toEqual([206, 'ftyp']);
  });

  it('has no clip of a rule that wants none', async () => {
    const capturedAtMs = (await alarm())?.event.capturedAtMs;
    const others = await alarmsOf('unseen');
    expect(others.map(({ event }) => event.capturedAtMs)).toContain(capturedAtMs);
    expect(others.filter(({ hasClip }) => hasClip === true)).toEqual([]);
  });

  it('is held as evidence with a reason, which no key answers meanwhile', async () => {
    await pressUntilAsked('k');
    await page.keyboard.type('f h  s');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('f');
    expect(await alarm()).toMatchObject({ state: 'raised' });
    await give('派出所调取');
    await byId('held').waitFor();
    expect((await alarm())?.hold).toMatchObject({ by: '班长', reason: '派出所调取' });
  });

  it('leaves the centre as a file that proves itself whole', async () => {
    await pressUntilAsked('e');
    const download = page.waitForEvent('download');
    await give('案件 2026-118');
    const file = join(folder, 'export.tar');
    await (await download).saveAs(file);
    const key = join(folder, 'key.pem');
    writeFileSync(key, await (await page.request.get(`${address}/api/export-key`)).body());
    const verdict = execFileSync(
      process.execPath,
      ['scripts/verify-export.ts', file, '--key', key],
      { encoding: 'utf8' },
    );
    expect(verdict).toContain(`whole     alarm ${alarmId}, taken out by 班长`);
    expect(verdict).toContain('as the key says');
    expect(verdict).toMatch(/\.mp4/);
  });

  it('is released, then acknowledged by the keyboard alone', async () => {
    await pressUntilAsked('k');
    await give('案件已结');
    await byId('held').waitFor({ state: 'detached' });
    expect((await alarm())?.hold).toBeUndefined();
    await page.keyboard.press(' ');
    await expect.poll(async () => (await alarm())?.state, patient).toBe('acknowledged');
  });
});

// One step leads to the next: what follows a failure is not tried again and again.
describe('the page of a camera', { timeout: 120_000, retry: 0 }, () => {
  it('says how often a wire that is not saved yet would have fired, when and which way', async () => {
    await quiet();
    await page.goto(`${address}/#/cameras/${camera}`);
    await draw('tripwire', [
      [0.93, 0.45],
      [0.84, 0.85],
    ]);
    await byId('try-rule').click();
    const count = page.locator('[data-testid=trial-count][data-count]');
    await count.waitFor();
    const firings = page.locator('.rule-trial-firings button');
    expect(await firings.count()).toBeGreaterThan(0);
    expect(await firings.count()).toBe(Number(await count.getAttribute('data-count')));
    const told = (await firings.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    // Which crossings joined an alarm hangs on its cooldown, and tracks are kept with their own times: what called is
    // among what is told, to the second or its neighbour.
    const called = (await alarmsOf('gate')).flatMap(({ event }) =>
      event.kind !== 'tripwire-crossed'
        ? []
        : [-1000, 0, 1000].map((off) => {
            const time = clockInLane.format(event.capturedAtMs + off);
            return `${time} ${event.direction === 'a-to-b' ? 'A → B' : 'B → A'}`;
          }),
    );
    expect(told.filter((one) => called.includes(one))).not.toEqual([]);
    await firings.first().hover();
    await page.screenshot({ path: `${artefacts}/tried.png` });
    await byId('remove-rule').click();
  });

  it('blackens what a privacy mask hides in the live picture', async () => {
    const live = page.locator('.rules-picture [data-live-state=playing]');
    await live.waitFor();
    await expect.poll(() => brightness(0.2, 0.2), patient).toBeGreaterThan(30);
    await draw('mask', [
      [0.05, 0.05],
      [0.45, 0.05],
      [0.45, 0.4],
      [0.05, 0.4],
    ]);
    await byId('rule-name').fill('居民窗户');
    await byId('save-rules').click();
    await page.locator('[data-testid=rules-status][data-state=applied]').waitFor();
    // A picture that is being opened anew is dark all over: what is not masked has to be seen at the same time.
    const isMaskedAlone = async (): Promise<boolean> => {
      const [masked = 0, beside = 0] = await Promise.all([
        brightness(0.2, 0.2),
        brightness(0.6, 0.8),
      ]);
      return masked < 20 && beside > 30;
    };
    await expect.poll(isMaskedAlone, patient).toBe(true);
    await page.screenshot({ path: `${artefacts}/masked.png` });
  });

  it('lets a warning wait beside a drawing that is not finished, and shows it afterwards', async () => {
    await draw('tripwire', [
      [0.2, 0.3],
      [0.3, 0.7],
    ]);
    await saveWires([asleep(gate), warning]);
    const beside = byId('alarms-beside');
    await beside.getByText('东门划线').first().waitFor({ timeout: patient.timeout });
    expect(await byId('alarm-popup').count()).toBe(0);
    await page.screenshot({ path: `${artefacts}/beside.png` });
    await byId('discard-rules').click();
    await byId('alarm-popup').getByText('东门划线').first().waitFor();
    expect(await beside.count()).toBe(0);
  });

  it('says that the box is away when a rule is tried on what it does not tell', async () => {
    await quiet();
    await demo.stopEdge();
    await draw('tripwire', [
      [0.2, 0.3],
      [0.3, 0.7],
    ]);
    await byId('try-rule').click();
    await byId('rule-trial').getByText('边缘设备不在线').waitFor();
    await byId('remove-rule').click();
  });

  it('has thrown nothing in the page in all of this', () => {
    expect(pageErrors).toEqual([]);
  });
});

const asleep = (wire: Tripwire): Tripwire => {
  const hour = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(11, 13);
  return { ...wire, schedule: { periods: [{ from: `${hour}:00`, to: `${hour}:01` }] } };
};

/** As an operator at another console would; the box runs them when it resolves. */
async function saveWires(tripwires: readonly Tripwire[]): Promise<void> {
  const { rules: saved, rulesVersion: basedOnVersion } = await demo.store().rules(camera);
  const wanted = { ...saved, tripwires };
  await send('PUT', `/api/cameras/${camera}/rules`, { rules: wanted, basedOnVersion });
  await expect
    .poll(async () => (await demo.store().camera(camera))?.appliedRulesVersion, patient)
    .toBe(basedOnVersion + 1);
}

/** The wires sleep and what has called is closed, also what was still on its way: nothing pops up over the drawing. */
async function quiet(): Promise<void> {
  await saveWires([gate, unseen].map(asleep));
  let quietLooks = 0;
  await expect
    .poll(async () => {
      // One that is acknowledged stays before the operator while nothing else calls.
      const states = ['raised', 'acknowledged'] as const;
      const open = await demo.store().alarms({ states, limit: 200 });
      for (const { alarmId: one } of open)
        await send('POST', `/api/alarms/${one}/close`, { reason: 'handled' });
      quietLooks = open.length + demo.waitingEvents() === 0 ? quietLooks + 1 : 0;
      return quietLooks;
    }, patient)
    .toBeGreaterThan(2);
  await byId('alarm-popup').waitFor({ state: 'detached' });
}

async function send(method: 'POST' | 'PUT', path: string, data: unknown): Promise<void> {
  const headers = { origin: address };
  const answer = await page.request.fetch(`${address}${path}`, { method, data, headers });
  expect([path, answer.status()]).toEqual([path, 200]);
}

async function draw(
  tool: 'tripwire' | 'mask',
  points: readonly (readonly [number, number])[],
): Promise<void> {
  const canvas = byId('drawing-canvas');
  await canvas.waitFor();
  await byId(`tool-${tool}`).click();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('the picture is not on the screen');
  for (const [x, y] of points)
    await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
  await page.keyboard.press('Enter');
  await byId('rule-name').waitFor();
}

/** Mean of what the live picture shows around there, 0 to 255; 0 while it shows nothing. */
function brightness(x: number, y: number): Promise<number> {
  return page.evaluate(
    ([atX = 0, atY = 0]) => {
      const picture = document.querySelector<HTMLVideoElement | HTMLCanvasElement>(
        '.rules-picture .live-view video, .rules-picture .live-view canvas',
      );
      const canvas = document.createElement('canvas');
      canvas.width = 100;
      canvas.height = 100;
      const pen = canvas.getContext('2d');
      if (picture === null || pen === null) return 0;
      pen.drawImage(picture, 0, 0, 100, 100);
      const { data } = pen.getImageData(100 * atX - 3, 100 * atY - 3, 6, 6);
      return data.reduce((sum, value, index) => sum + (index % 4 === 3 ? 0 : value), 0) / 108;
    },
    [x, y],
  );
}
