/**
 * Names and texts that are programs: in every place where people or boxes write something, shown by every page of the
 * console in a real browser. None of them runs, and none has to be stopped by the browser's policy: they are text.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CameraRules } from '../../contract/rule.ts';
import { launchChromium } from '../../testing/chromium.ts';
import { builtConsole } from '../../testing/console-build.ts';
import { crossingEvent } from '../../testing/events.ts';
import { type GuardedCentre, openGuardedCentre } from '../../testing/guarded-centre.ts';
import { silentSpeakers } from '../../testing/silent-speakers.ts';
import { createEventFlow } from '../event-flow.ts';

const run = (number: number): string => `window.__x=${number}`;
/** Each says in `window.__x` which one it was that ran. */
const payloads = [
  `<script>${run(1)}</script>`,
  `"><img src=x onerror=${run(2)}>`,
  `'><svg onload=${run(3)}>`,
  `</script><script>${run(4)}</script>`,
  `<img src=x onerror="${run(5)}">`,
  `javascript:${run(6)}`,
  `\${${run(7)}}`,
  `{{constructor.constructor('${run(8)}')()}}`,
  `<iframe srcdoc="<script>parent.__x=9</script>">`,
  `<details open ontoggle=${run(10)}>`,
  `<input autofocus onfocus=${run(11)}>`,
  `<a href="javascript:${run(12)}" autofocus onfocus=${run(12)}>`,
  `<video><source onerror=${run(13)}>`,
  `<svg><animate onbegin=${run(14)}>`,
  `<math><mtext></p><img src onerror=${run(15)}>`,
  `<object data="javascript:${run(16)}">`,
  `&lt;img src=x onerror=${run(17)}&gt;`,
  `\\u003cimg src=x onerror=${run(18)}\\u003e`,
  `--><img src=x onerror=${run(19)}><!--`,
  `<style>*{background:url(javascript:${run(20)})}`,
] as const;
const payload = (number: number): string => payloads[number % payloads.length] ?? '';

let guarded: GuardedCentre;
let browser: Browser;
let page: Page;
const reports: string[] = [];

beforeAll(async () => {
  const consoleFolder = await builtConsole();
  const speakers = silentSpeakers(['horn-north', 'horn-south']);
  const views = () =>
    speakers.views().map((view, at) => ({ ...view, name: payload(at), reason: payload(at + 2) }));
  const texts = { 'zh-CN': payload(3), en: payload(4) };
  const recording = { name: 'bell', title: payload(5), seconds: 1, bytes: 9, savedAtMs: 1 };
  const voice = {
    recordings: {
      list: async () => payloads.map((title, at) => ({ ...recording, name: `bell-${at}`, title })),
      add: async () => ({ ok: false, reason: payload(6) }) as const,
      remove: async () => false,
    },
    prepare: async () => ({ ok: false, reason: payload(7) }) as const,
    speechFault: () => payload(8),
  };
  const holder = { speakerId: 'horn-north', by: payload(9), sinceMs: Date.now() };
  const talks = {
    open: async () => ({ kind: 'refused', reason: 'no' }) as const,
    holders: () => [holder],
  };
  guarded = await openGuardedCentre(
    { consoleFolder },
    { speakers: { ...speakers, views, voice, talks } },
  );
  await fill(texts);
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) reports.push(message.text());
  });
  page.on('dialog', (dialog) => void dialog.dismiss());
  const [name = '', value = ''] = guarded.cookie.split('=');
  await page.context().addCookies([{ name, value, url: guarded.centre.address }]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await guarded?.close();
});

/** Everything that somebody can name: a camera, a wire, a person, an account, a reason, a text for the lane. */
async function fill(texts: Readonly<Record<'zh-CN' | 'en', string>>): Promise<void> {
  const { store, now } = guarded.centre;
  const health = { edgeId: 'edge-north', bootId: payload(0), atMs: now(), outboxRows: 1 };
  const cameras = payloads.map((name, at) => ({
    cameraId: at === 0 ? 'cam-north' : `cam-${at}`,
    name,
    state: at % 2 === 0 ? ('live' as const) : ('offline' as const),
    reason: payload(at + 1),
    warnings: [payload(at + 2)],
    stateSinceMs: now(),
    analysedPerSecond: 5,
    width: 768,
    height: 576,
    degradedRules: [{ ruleId: 'gate', neededPerSecond: 9, reason: payload(at), sinceMs: 1 }],
    rules: { appliedVersion: 0, refused: { version: 1, reason: payload(at + 3) } },
  }));
  await store.recordHealth({ ...health, storageFault: payload(4), cameras });
  const rules: CameraRules = {
    schemaVersion: 1,
    tripwires: payloads.map((name, at) => ({
      ruleId: `wire-${at}`,
      name,
      labels: ['person'],
      points: [
        [0.1, 0.04 * at + 0.1],
        [0.9, 0.04 * at + 0.1],
      ],
      response: { announcement: { kind: 'speech', text: payload(at), language: 'zh-CN' } },
    })),
    zones: [
      {
        ruleId: 'zone',
        name: payload(2),
        points: [
          [0.1, 0.1],
          [0.5, 0.1],
          [0.5, 0.5],
        ],
      },
    ],
  } as CameraRules;
  await store.saveRules('cam-north', rules, 0, payload(1), now());
  const flow = createEventFlow({
    store,
    announce: () => undefined,
    speakerOf: () => 'horn-north',
    newId: () => crypto.randomUUID(),
    now,
  });
  await flow.file(
    payloads.map((label, at) =>
      crossingEvent(100 + at, {
        capturedAtMs: now(),
        cameraId: 'cam-north',
        edgeId: 'edge-north',
        ruleId: `wire-${at}`,
        label: label.slice(0, 40),
        modelVersion: label,
      }),
    ),
  );
  const alarms = await store.alarms({ limit: 100, cameraId: 'cam-north' });
  await Promise.all(
    alarms.slice(0, 8).map(({ alarmId }, at) =>
      guarded.raw('POST', `/api/alarms/${alarmId}/close`, {
        headers: { cookie: guarded.cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'handled', note: payload(at) }),
      }),
    ),
  );
  for (const [at, name] of payloads.entries()) {
    await guarded.centre.addUser('operator', { kind: 'some', grids: [name], cameras: [] }, name);
    await store.saveVoiceTemplate(
      { templateId: `t-${at}`, name: name.slice(0, 60), texts },
      name,
      now(),
    );
    const entry = { atMs: now(), actor: name, address: name, outcome: 'done' } as const;
    await store.record({ ...entry, action: 'voice-changed', object: name, detail: name });
  }
}

const views = [
  ...['wall', 'cameras', 'cameras/cam-north', 'history', 'speakers', 'voice'],
  ...['users', 'edges', 'register'],
];

const text = async (): Promise<string> => {
  const values = await page
    .locator('input')
    .evaluateAll((all) => all.map((one) => one.getAttribute('value')));
  return [await page.locator('body').innerText(), ...values].join('\n');
};

async function showsThemAsText(where: string): Promise<void> {
  await expect.poll(text, { timeout: 20_000, message: where }).toMatch(/window\.__x=\d/);
  expect(await page.evaluate('window.__x'), where).toBeUndefined();
}

test('S8 every page shows them as the text that they are, in both languages', {
  timeout: 120_000,
}, async () => {
  await page.goto(guarded.centre.address);
  await page.getByTestId('alarm-popup').waitFor();
  await showsThemAsText('the pop-up');
  await page.keyboard.press('Escape');
  for (const view of views) {
    await page.goto(`${guarded.centre.address}/#/${view}`);
    await showsThemAsText(view);
  }
  await page.getByTestId('switch-language').click({ force: true });
  await showsThemAsText('the register in the other language');
  expect(reports).toEqual([]);
  // What would run, were it no text, is seen here: the browser's policy stops it and says so.
  await page.locator('body').evaluate((body, html) => {
    body.insertAdjacentHTML('beforeend', html);
  }, payload(4));
  await expect.poll(() => reports.length, { timeout: 20_000 }).toBeGreaterThan(0);
  reports.length = 0;
});

test('S8 the documentation of the interface runs only what the centre serves, and no page holds a script of its own', async () => {
  await page.goto(`${guarded.centre.address}/docs/`);
  await page.locator('.opblock').first().waitFor();
  expect(reports).toEqual([]);
  for (const html of [
    (await guarded.raw('GET', '/')).text,
    (await guarded.raw('GET', '/docs/')).text,
    readFileSync(join('src/console', 'index.html'), 'utf8'),
  ])
    expect(html.match(/<script(?![^>]*\ssrc=)[^>]*>/g) ?? []).toEqual([]);
});
