/** Administration in a real browser: a user is made, comes in with the one-time token, and sees only what the role has. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { launchChromium } from '../../testing/chromium.ts';
import { builtConsole } from '../../testing/console-build.ts';

const password = 'a-long-enough-password';
let centre: Centre;
let browser: Browser;
let page: Page;
const pageErrors: string[] = [];

const open = async (): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  const opened = await context.newPage();
  opened.on('pageerror', (error) => pageErrors.push(error.message));
  await opened.goto(centre.address);
  return opened;
};
const pages = (of: Page): Promise<string[]> => of.locator('.top-bar nav a').allTextContents();

beforeAll(async () => {
  centre = await openCentre({
    settings: { consoleFolder: await builtConsole() },
    webhookTargets: ({ kind }) => (kind === 'alarm-raised' ? ['dispatch'] : []),
  });
  // Nothing is to pop up over these pages.
  const { north, south } = centre.objects;
  for (const { alarmId } of [north, south])
    await centre.store.changeAlarm(alarmId, (alarm) => ({ ...alarm, state: 'closed' }), Date.now());
  browser = await launchChromium();
  page = await open();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await centre?.close();
});

describe('administration', () => {
  let token = '';

  it('makes an auditor and shows the one-time token', async () => {
    await page.getByTestId('setup-token').fill(centre.setupToken);
    await page.getByTestId('username').fill('所长');
    await page.getByTestId('password').fill(password);
    await page.getByTestId('sign-in-submit').click();
    await page.getByRole('link', { name: '用户' }).click();
    await page.getByTestId('add-user').click();
    await page.getByTestId('user-name').fill('审计李');
    await page.getByTestId('user-role').click();
    await page.getByTitle('审计员').click();
    await page.getByTestId('save-user').click();
    token = (await page.getByTestId('one-time-token').textContent())?.trim() ?? '';
    expect(token).toMatch(/^[\w-]{24}$/);
    expect(await centre.store.userByName('审计李')).toMatchObject({ role: 'auditor' });
  });

  it('lets the auditor in with it, to the register and nothing else', async () => {
    const auditors = await open();
    await auditors.getByTestId('use-token').click();
    await auditors.getByTestId('setup-token').fill(token);
    await auditors.getByTestId('password').fill(password);
    await auditors.getByTestId('sign-in-submit').click();
    await auditors.getByTestId('register').getByText('新建用户').waitFor();
    expect(await pages(auditors)).toEqual(['操作登记', '留存']);
    await auditors.getByTestId('verify-register').click();
    await auditors.getByText('全部完好').waitFor();
    await auditors.close();
  });

  it('asks before it shuts somebody out, and not before it lets them in again', async () => {
    const row = page.locator('tr', { hasText: '审计李' });
    const isDisabled = async () => (await centre.store.userByName('审计李'))?.disabled;
    await page.goto(`${centre.address}/#/users`);
    await page.reload();
    await row.getByRole('button', { name: '停用' }).click();
    await page.getByText('不能再登录').waitFor();
    expect(await isDisabled()).toBe(false);
    await page.locator('.ant-popconfirm-buttons .ant-btn-primary').click();
    await row.getByRole('button', { name: '启用' }).click();
    await row.getByRole('button', { name: '停用' }).waitFor();
    expect(await isDisabled()).toBe(false);
  });

  it('saves nobody who would see no camera at all', async () => {
    await page.goto(`${centre.address}/#/users`);
    await page.reload();
    await page.getByTestId('add-user').click();
    await page.getByTestId('user-name').fill('看不见');
    await page.getByText('部分网格和摄像机').click();
    await page.getByTestId('save-user').click();
    await page.getByText('至少选一个网格或一台摄像机').waitFor();
    expect(await centre.store.userByName('看不见')).toBeUndefined();
  });

  it('gives a code for a new edge box', async () => {
    await page.goto(`${centre.address}/#/edges`);
    await page.getByTestId('new-edge').fill('lane-7');
    await page.getByTestId('make-code').click();
    const command = await page.getByTestId('edge-code').textContent();
    expect(command).toMatch(/enrol --collector http\S+ --code \w{4}-\w{4}-\w{4}/);
  });

  it('shows what another system did not take, and sends it again', async () => {
    await centre.store.giveUpDeliveries(Date.now() + 1, Date.now());
    await page.reload();
    const rows = page.getByTestId('untold-webhooks').locator('tbody tr.ant-table-row');
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(2);
    expect(await rows.first().textContent()).toContain('dispatch新告警 alarm ');
    await rows.first().getByRole('button', { name: '重发' }).click();
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(1);
    expect(await centre.store.deliveriesWaiting()).toEqual([{ webhookId: 'dispatch', count: 1 }]);
  });

  it('has thrown nothing in all of this', () => {
    expect(pageErrors).toEqual([]);
  });
});
