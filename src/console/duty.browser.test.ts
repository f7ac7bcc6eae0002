/** What a night of duty brings: typing that is broken in on, another account on the same browser, a wrong clock, a dead feed. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Role, Scope } from '../contract/access-rights.ts';
import { type Centre, openCentre, type Side } from '../testing/centre.ts';
import { launchChromium } from '../testing/chromium.ts';
import { builtConsole } from '../testing/console-build.ts';

const everywhere: Scope = { kind: 'all' };
const onlyIn = (side: Side): Scope => ({ kind: 'some', grids: [side], cameras: [] });
const patience = { timeout: 25_000, interval: 100 };

let centre: Centre;
let browser: Browser;
let sequence = 100;
const pageErrors: string[] = [];

const cross = (side: Side = 'north'): Promise<string> => {
  sequence += 1;
  return centre.cross(side, sequence);
};
const popupOf = (page: Page, alarmId: string) =>
  page.locator(`[data-testid=alarm-popup][data-alarm-id="${alarmId}"]`);
const stateOf = async (alarmId: string) => (await centre.store.alarm(alarmId))?.state;

async function closeAll(): Promise<void> {
  for (const { alarmId } of await centre.store.alarms({
    limit: 500,
    states: ['raised', 'acknowledged'],
  }))
    await centre.store.changeAlarm(alarmId, (alarm) => ({ ...alarm, state: 'closed' }), Date.now());
}

/** The browser now belongs to a new user of this role. */
async function enter(context: BrowserContext, role: Role, scope: Scope, address = centre.address) {
  const cookie = await centre.cookieOf(await centre.addUser(role, scope));
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: address }]);
}

async function open(
  options: Parameters<Browser['newContext']>[0] = {},
  { address = centre.address, scope = everywhere, before = '' } = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 }, ...options });
  await enter(context, 'operator', scope, address);
  const page = await context.newPage();
  page.on('pageerror', (error) => pageErrors.push(error.message));
  if (before !== '') await page.addInitScript(before);
  await page.goto(address);
  await page.getByTestId('alarm-list').waitFor();
  await page.locator('[data-testid=feed-state][data-state=connected]').waitFor();
  return page;
}

beforeAll(async () => {
  centre = await openCentre({ settings: { consoleFolder: await builtConsole() } });
  await closeAll();
  browser = await launchChromium();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await centre?.close();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await closeAll();
});

describe('a note that is being written', () => {
  it('stays before the operator, with what is typed, when the next alarm calls', async () => {
    const page = await open();
    const first = await cross();
    await popupOf(page, first).waitFor();
    await page.waitForTimeout(700);
    await page.keyboard.press(' ');
    await expect.poll(() => stateOf(first), patience).toBe('acknowledged');
    await popupOf(page, first).locator('textarea').click();
    await page.keyboard.type('fell off ');
    const second = await cross();
    await page.locator(`[data-testid=alarm-list] [data-alarm-id="${second}"]`).waitFor();
    await page.keyboard.type('the bike, he', { delay: 150 });
    expect([await stateOf(first), await stateOf(second)]).toEqual(['acknowledged', 'raised']);
    expect(await popupOf(page, first).locator('textarea').inputValue()).toBe(
      'fell off the bike, he',
    );
    // Leaving the field does not let the other one slip under the key that was meant for this one.
    await page.keyboard.press('Escape');
    await page.waitForTimeout(700);
    await popupOf(page, first).waitFor();
    await page.keyboard.press(' ');
    await popupOf(page, second).waitFor();
    await page.waitForTimeout(700);
    await page.keyboard.press('Escape');
    await page.locator(`[data-testid=alarm-list] [data-alarm-id="${first}"]`).click();
    await popupOf(page, first).waitFor();
    await page.waitForTimeout(700);
    await page.keyboard.press('h');
    await expect.poll(() => stateOf(first), patience).toBe('closed');
    const { closeNote } = (await centre.store.alarm(first)) ?? {};
    expect([closeNote, await stateOf(second)]).toEqual(['fell off the bike, he', 'raised']);
  });

  it('does not answer the next alarm with the rest of the sentence when somebody else closes this one', async () => {
    const page = await open();
    const first = await cross();
    await popupOf(page, first).waitFor();
    const second = await cross();
    await popupOf(page, first).locator('textarea').click();
    await page.keyboard.type('the man ');
    await centre.store.changeAlarm(first, (alarm) => ({ ...alarm, state: 'closed' }), Date.now());
    await popupOf(page, second).waitFor();
    await page.keyboard.type('has left for home', { delay: 150 });
    expect(await stateOf(second)).toBe('raised');
    await page.waitForTimeout(2000);
    await page.keyboard.press('h');
    await expect.poll(() => stateOf(second), patience).toBe('closed');
  });
});

describe('another account on the same browser', () => {
  it('never sees what was kept of the one before', async () => {
    const alarmId = await cross('north');
    const page = await open({}, { scope: onlyIn('north') });
    await popupOf(page, alarmId).waitFor();
    // Answers from now on take their time: what is shown until then was kept.
    await page.route('**/api/{alarms,cameras,edges,speakers}*', () => undefined);
    await enter(page.context(), 'operator', onlyIn('south'));
    await expect
      .poll(() => page.getByTestId('account').textContent(), patience)
      .toContain('operator-');
    const before = await page.getByTestId('account').textContent();
    await expect
      .poll(async () => (await page.request.get(`${centre.address}/api/session`)).json(), patience)
      .not.toMatchObject({ username: before?.slice(0, -1) });
    await expect.poll(() => page.getByTestId('account').textContent(), patience).not.toBe(before);
    expect(await page.locator('body').textContent()).not.toContain('cam-north');
  });
});

describe("a browser whose clock or zone is not the centre's", () => {
  it('lets an alarm call that was raised a moment before, and says rightly how long ago', async () => {
    const alarmId = await cross();
    const before = `const real = Date; const ahead = 15 * 60_000;
      Date = class extends real {
        constructor(...given) { if (given.length === 0) super(real.now() + ahead); else super(...given); }
        static now() { return real.now() + ahead; }
      };`;
    const page = await open({}, { before });
    await popupOf(page, alarmId).waitFor();
    const when = await page.locator('.popup-when small').textContent();
    expect(when).toMatch(/^\d{1,2} 秒前$/);
  });

  it("shows every time in the centre's zone, as the pictures and the announcements have it", async () => {
    const alarmId = await cross();
    const page = await open({ timezoneId: 'America/New_York' });
    await popupOf(page, alarmId).waitFor();
    const atMs = (await centre.store.alarm(alarmId))?.event.capturedAtMs ?? 0;
    const expected = new Date(atMs + 8 * 3_600_000).toISOString().slice(11, 19);
    expect(await page.locator('.popup-when').textContent()).toContain(expected);
    expect(await page.locator('.clock').textContent()).toContain('UTC+8');
  });
});

describe('more alarms than one page', () => {
  it('keeps the one that calls before the operator, and in the list, however many came after it', async () => {
    const first = await cross();
    for (let count = 0; count < 201; count += 1) {
      const alarmId = await cross('south');
      await centre.store.changeAlarm(
        alarmId,
        (one) => ({ ...one, state: 'acknowledged' }),
        Date.now(),
      );
    }
    const page = await open();
    await popupOf(page, first).waitFor();
    await page.locator(`[data-testid=alarm-list] [data-alarm-id="${first}"]`).waitFor();
  }, 60_000);
});

describe('a feed whose connection is dead and not closed', () => {
  let front: Server;
  let halt = false;
  const feeds = new Set<Socket>();

  beforeAll(async () => {
    const port = Number(new URL(centre.address).port);
    front = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      let isFeed = false;
      near.on('data', (bytes) => {
        isFeed ||= bytes.toString('latin1').startsWith('GET /api/feed');
        if (isFeed) feeds.add(near);
        far.write(bytes);
      });
      // From the moment of the fault this connection carries nothing more; others live.
      far.on('data', (bytes) => (halt && isFeed ? undefined : near.write(bytes)));
      for (const one of [near, far]) one.on('error', () => undefined);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
    await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
  });
  afterAll(() => void front.close());

  it('is noticed, said and replaced, and the alarm pops up', async () => {
    const { port } = front.address() as { port: number };
    const page = await open({}, { address: `http://127.0.0.1:${port}` });
    halt = true;
    const alarmId = await cross();
    await page.getByTestId('feed-lost').waitFor({ timeout: 40_000 });
    halt = false;
    await popupOf(page, alarmId).waitFor({ timeout: 30_000 });
    await page.locator('[data-testid=feed-state][data-state=connected]').waitFor();
  }, 90_000);
});

it('has thrown nothing in all of this', () => {
  expect(pageErrors).toEqual([]);
});
