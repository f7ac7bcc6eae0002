/**
 * Pictures of every page and dialogue of the console in both languages and on two sizes of screen, taken from the whole system at work:
 *   npm run --silent console:pictures -- --to FOLDER [--only wall,popup]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { Locator, Page } from 'playwright-core';
import { createDemo } from '../src/demo/demo.ts';
import { demoRules } from '../src/demo/demo-rules.ts';
import { launchChromium } from '../src/testing/chromium.ts';
import { builtConsole } from '../src/testing/console-build.ts';

const { values } = parseArgs({
  options: { to: { type: 'string', default: 'pictures' }, only: { type: 'string' } },
});
const screens = [
  { width: 1920, height: 1080 },
  { width: 1366, height: 768 },
] as const;
const languages = ['zh-CN', 'en'] as const;
const pages = [
  'wall',
  'map',
  'cameras',
  'speakers',
  'history',
  'voice',
  'users',
  'edges',
  'register',
  'keeping',
];
const popupWithinMs = 120_000;

mkdirSync(values.to, { recursive: true });
await builtConsole();
const folder = mkdtempSync(join(tmpdir(), 'console-pictures-'));
const demo = createDemo({ port: 0, dataFolder: folder }, pino({ level: 'silent' }));
const { address, setupToken = '' } = await demo.start(() => undefined);
const browser = await launchChromium();
const page = await browser.newPage({ viewport: screens[0] });
// A drawing that was tried is left unsaved.
page.on('dialog', (dialog) => void dialog.accept());
page.on('pageerror', (error) => process.stderr.write(`${page.url()}: ${error.message}\n`));

try {
  await enter();
  await popups();
  await quiet();
  for (const name of pages) await everyLook(name, () => open(`#/${name}`));
  await everyLook('rules', () => open('#/cameras/square-east'));
  await everyLook('rule-tried', tryRule);
  await everyLook('blind-ledger', openLedger);
  await everyLook('hold', () => ask('history', page.locator('[data-testid^=hold-]').first()));
  await everyLook('export', () => ask('history', page.locator('[data-testid^=export-]').first()));
  await everyLook('new-user', () => ask('users', page.getByTestId('add-user')));
  await everyLook('own-sessions', openSessions);
} finally {
  await browser.close();
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
}

function wanted(name: string): boolean {
  return values.only === undefined || values.only.split(',').includes(name);
}

async function picture(name: string): Promise<void> {
  await page.screenshot({ path: join(values.to, `${name}.png`) });
}

async function everyLook(name: string, show: () => Promise<void>): Promise<void> {
  if (!wanted(name)) return;
  for (const language of languages) {
    await page.evaluate(`localStorage.setItem('haoguanjia-language', '${language}')`);
    for (const screen of screens) {
      await page.setViewportSize(screen);
      await show();
      await picture(`${name}-${language.slice(0, 2)}-${screen.width}`);
    }
  }
}

async function enter(): Promise<void> {
  await page.goto(address);
  await page.getByTestId('setup-token').waitFor();
  await everyLook('set-up', () => page.reload().then(() => settled(page)));
  await page.getByTestId('setup-token').fill(setupToken);
  await page.getByTestId('username').fill('值班员');
  await page.getByTestId('password').fill('a-long-enough-password');
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('alarm-list').waitFor();
}

/** The first alarm that calls, with its clip when it has come. */
async function popups(): Promise<void> {
  const popup = page.locator('[data-testid=alarm-popup][data-shown-at-ms]');
  await popup.waitFor({ timeout: popupWithinMs });
  await popup.locator('.popup-snapshot img').waitFor({ state: 'attached', timeout: popupWithinMs });
  await everyLook('popup', async () => {
    await page.reload();
    await popup.locator('[data-live-state=playing]').waitFor({ timeout: popupWithinMs });
    await popup.locator('.popup-snapshot img').waitFor({ state: 'attached' });
    await settled(page);
  });
}

/** Nothing may pop up over the pages that follow. */
async function quiet(): Promise<void> {
  for (const [cameraId, rules] of Object.entries(demoRules)) {
    const { tripwires = [], ...others } = rules;
    const asleep = { periods: [{ from: nextMinute(180), to: nextMinute(181) }] };
    const silent = {
      ...others,
      tripwires: tripwires.map((wire) => ({ ...wire, schedule: asleep })),
      watchPoints: rules.watchPoints?.map((point) => ({ ...point, schedule: asleep })),
    };
    await send('PUT', `/api/cameras/${cameraId}/rules`, { rules: silent, basedOnVersion: 1 });
  }
  await new Promise((resolve) => setTimeout(resolve, 3000));
  for (const { alarmId } of await demo.store().alarms({ states: ['raised'], limit: 200 }))
    await send('POST', `/api/alarms/${alarmId}/close`, { reason: 'handled', note: '巡逻已到场' });
}

function nextMinute(minutes: number): string {
  return new Date(Date.now() + (8 * 60 + minutes) * 60_000).toISOString().slice(11, 16);
}

async function tryRule(): Promise<void> {
  await open('#/cameras/square-east');
  const box = await page.getByTestId('drawing-canvas').boundingBox();
  if (box === null) throw new Error('the picture is not on the screen');
  await page.getByTestId('tool-tripwire').click();
  await page.mouse.click(box.x + 0.3 * box.width, box.y + 0.35 * box.height);
  await page.mouse.click(box.x + 0.42 * box.width, box.y + 0.6 * box.height);
  await page.keyboard.press('Enter');
  await page.getByTestId('try-rule').click();
  await page.getByTestId('trial-count').waitFor();
  await settled(page);
}

/** A dialogue that a button of a page opens. */
async function ask(name: string, button: Locator): Promise<void> {
  await open(`#/${name}`);
  await button.click();
  await settled(page);
}

async function openSessions(): Promise<void> {
  await open('#/wall');
  await page.getByTestId('account').click();
  await page.getByRole('menuitem').nth(1).click();
  await page.getByTestId('own-sessions').waitFor();
  await settled(page);
}

async function openLedger(): Promise<void> {
  await open('#/cameras');
  await page.getByTestId('blind-today').first().click();
  await page.getByTestId('blind-ledger').waitFor();
  await settled(page);
}

async function open(hash: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${address}/${hash}`);
  await page.locator('.top-bar').waitFor();
  await settled(page);
}

/** Fonts, pictures and animations have come to rest. */
async function settled(on: Page): Promise<void> {
  await on.waitForLoadState('load');
  await new Promise((resolve) => setTimeout(resolve, 1500));
}

async function send(method: 'POST' | 'PUT', path: string, data: unknown): Promise<void> {
  const answer = await page.request.fetch(`${address}${path}`, {
    method,
    data,
    headers: { origin: address },
  });
  if (!answer.ok()) throw new Error(`${method} ${path}: ${await answer.text()}`);
}
