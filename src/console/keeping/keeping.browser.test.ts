/**
 * Keeping and deleting in a real browser: a supervisor holds an alarm from the history, finds it and releases it; an auditor
 * reads the certificate of a deletion; everybody sees the own sessions and ends the others.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { launchChromium } from '../../testing/chromium.ts';
import { builtConsole } from '../../testing/console-build.ts';

const patient = { timeout: 20_000, interval: 50 };
const certificate = {
  ...{ items: 12, counts: { events: 8, snapshots: 4 } },
  cameras: { 'cam-north': { events: 8, snapshots: 4 } },
  ...{ oldestMs: 1_790_000_000_000, newestMs: 1_790_500_000_000, sha256: 'ab'.repeat(32) },
  rule: { profile: 'cn', days: { events: 30, snapshots: 30 }, cameras: {} },
};
let centre: Centre;
let browser: Browser;
const pageErrors: string[] = [];

beforeAll(async () => {
  centre = await openCentre({ settings: { consoleFolder: await builtConsole() } });
  const { north, south } = centre.objects;
  for (const { alarmId } of [north, south])
    await centre.store.changeAlarm(alarmId, (alarm) => ({ ...alarm, state: 'closed' }), Date.now());
  await centre.store.record({
    ...{ atMs: Date.now(), actor: '', address: '', outcome: 'done' as const },
    ...{ action: 'recordings-deleted', detail: JSON.stringify(certificate) },
  });
  browser = await launchChromium();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await centre?.close();
});

/** The console of somebody who is signed in, in Shanghai's time. */
async function consoleOf(cookie: string, hash: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    timezoneId: 'Asia/Shanghai',
  });
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: centre.address }]);
  const page = await context.newPage();
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.goto(`${centre.address}/#/${hash}`);
  await page.locator('.top-bar nav a[aria-current=page]').waitFor();
  return page;
}

async function give(page: Page, reason: string): Promise<void> {
  await page.getByTestId('reason').fill(reason);
  await page.keyboard.press('Enter');
  await page.getByTestId('reason').waitFor({ state: 'detached' });
}

it('holds an alarm from the history, lists and opens it, and releases it with a reason', async () => {
  const { alarmId, eventId } = centre.objects.north;
  const userId = await centre.addUser('supervisor', { kind: 'all' }, '班长');
  const page = await consoleOf(await centre.cookieOf(userId), 'history');
  await page.getByTestId(`hold-${alarmId}`).click();
  await give(page, '派出所调取');
  await page.getByTestId(`hold-${alarmId}`).getByText('解除').waitFor();
  await page.getByRole('link', { name: '留存' }).click();
  const row = page.getByTestId('holds').locator('tr', { hasText: '派出所调取' });
  await row.getByText('班长').waitFor();
  expect(await page.getByTestId('deletions').count()).toBe(0);
  await row.getByRole('button', { name: '查看' }).click();
  await page.locator(`[data-testid=alarm-popup][data-alarm-id="${alarmId}"]`).waitFor();
  // For a moment the keys mean nothing to a pop-up that has just come.
  const isShown = async (): Promise<number> => {
    await page.keyboard.press('Escape');
    return page.getByTestId('alarm-popup').count();
  };
  await expect.poll(isShown, { timeout: 10_000, interval: 200 }).toBe(0);
  await row.getByTestId('release-hold').click();
  await give(page, '案件已结');
  await row.waitFor({ state: 'detached' });
  expect(await centre.store.holds(undefined)).toEqual([]);
  expect(
    (await centre.store.auditRows({ action: 'recording-released', limit: 1 }))[0],
  ).toMatchObject({
    actor: '班长',
    object: `event ${eventId}`,
    detail: JSON.stringify({ reason: '案件已结' }),
  });
  await page.close();
});

it('shows an auditor the certificates alone, with the zone of their times', async () => {
  const userId = await centre.addUser('auditor', { kind: 'all' }, '审计员');
  const page = await consoleOf(await centre.cookieOf(userId), 'keeping');
  const row = page.getByTestId('deletions').locator('tbody tr.ant-table-row');
  await row.getByText('事件 8 · 抓拍 4').waitFor();
  expect(await page.getByTestId('holds').count()).toBe(0);
  await row.getByTestId('open-certificate').click();
  const text = await page.getByTestId('certificate').innerText();
  expect(text).toContain(certificate.sha256);
  expect(text).toContain('2026-09-21 22:13:20 UTC+8');
  await page.close();
});

it('offers an operator neither the page nor the order', async () => {
  const userId = await centre.addUser('operator', { kind: 'all' }, '值班员');
  const page = await consoleOf(await centre.cookieOf(userId), 'history');
  await page.getByText('查看').first().waitFor();
  expect(await page.getByTestId(`hold-${centre.objects.north.alarmId}`).count()).toBe(0);
  expect(await page.getByRole('link', { name: '留存' }).count()).toBe(0);
  await page.close();
});

it('shows the own sessions and ends the others, of nobody else', async () => {
  const mine = await centre.addUser('technician', { kind: 'all' }, '技术员');
  const other = await centre.addUser('technician', { kind: 'all' }, '另一人');
  const cookies = [await centre.cookieOf(mine), await centre.cookieOf(mine)] as const;
  const others = await centre.cookieOf(other);
  const page = await consoleOf(cookies[0], 'cameras');
  await page.getByTestId('account').click();
  await page.getByText('我的登录').click();
  const rows = page.getByTestId('own-sessions').locator('tbody tr.ant-table-row');
  await expect.poll(() => rows.count(), patient).toBe(2);
  expect(await rows.filter({ hasText: '本机' }).count()).toBe(1);
  await page.getByRole('button', { name: '退出其他各处' }).click();
  await expect.poll(() => rows.count(), patient).toBe(1);
  const stillIn = async (cookie: string) =>
    (await centre.ask('GET', '/api/cameras', { cookie })).status;
  expect(await Promise.all([...cookies, others].map(stillIn))).toEqual([200, 401, 200]);
  await page.close();
});

it('has thrown nothing in all of this', () => {
  expect(pageErrors).toEqual([]);
});
