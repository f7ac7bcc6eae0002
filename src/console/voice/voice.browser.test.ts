/** The voice library in a real browser: a recording goes in, a template is written and heard, a rule speaks with it. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttp, type Http } from '../../collector/http/http.ts';
import { createVoice, type Voice } from '../../collector/speakers/voice/voice.ts';
import { createStore } from '../../collector/store/create-store.ts';
import type { Store } from '../../collector/store/store.ts';
import { launchChromium } from '../../testing/chromium.ts';
import { builtConsole } from '../../testing/console-build.ts';
import { silentSpeakers } from '../../testing/silent-speakers.ts';

const patient = { timeout: 20_000, interval: 50 };
const artefacts = 'test-artefacts/console';
const folder = mkdtempSync(join(tmpdir(), 'voice-page-'));
const recording = join(folder, '禁止停车.mp3');
let store: Store;
let voice: Voice;
let http: Http;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  mkdirSync(artefacts, { recursive: true });
  const source = 'aevalsrc=0.4*sin(2*PI*600*t)*lt(mod(t\\,0.5)\\,0.3):s=16000:d=2';
  spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, recording]);
  store = await createStore({
    database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
    places: [{ cameraId: 'cam-1', name: '东大街 1 号口', lane: '东大街' }],
  });
  await store.recordHealth({
    edgeId: 'edge-1',
    bootId: 'boot-1',
    atMs: Date.now(),
    outboxRows: 0,
    cameras: [
      {
        cameraId: 'cam-1',
        name: '东大街 1 号口',
        state: 'live',
        stateSinceMs: Date.now(),
        analysedPerSecond: 5,
        width: 768,
        height: 576,
        rules: { appliedVersion: 0 },
      },
    ],
  });
  const rule = { ruleId: 'gate', name: '巷口', points: [[0.4, 0.5] as const, [0.6, 0.9] as const] };
  const rules = { schemaVersion: 1, tripwires: [{ ...rule, direction: 'both' }] } as never;
  await store.saveRules('cam-1', rules, 0, 'li', 1);
  voice = createVoice({
    cacheFolder: join(folder, 'cache'),
    recordingsFolder: join(folder, 'recordings'),
  });
  await voice.start();
  http = createHttp(
    { host: '127.0.0.1', port: 0, consoleFolder: await builtConsole() },
    {
      store,
      speakers: { ...silentSpeakers(), voice },
      edges: {
        connected: () => true,
        publishRules: () => undefined,
        sendCommand: () => undefined,
      },
      logger: pino({ level: 'silent' }),
      now: Date.now,
    },
  );
  const { address, setupToken } = await http.start();
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.setDefaultTimeout(15_000);
  const account = { username: 'duty', password: 'a-long-enough-password' };
  await page.request.post(`${address}/api/setup`, { data: { token: setupToken, ...account } });
  await page.goto(`${address}/#/voice`);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await http?.stop();
  await voice?.stop();
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

const byId = (id: string) => page.getByTestId(id);

/** Presses the button and waits until it has played to its end. */
async function listen(id: string): Promise<void> {
  const answer = page.waitForResponse((response) => response.url().endsWith('/api/voice/preview'));
  await byId(`listen-${id}`).click();
  const { headers, status } = await answer.then(async (response) => ({
    headers: await response.allHeaders(),
    status: response.status(),
  }));
  expect([status, headers['content-type']]).toEqual([200, 'audio/wav']);
  const button = byId(`listen-${id}`);
  await expect.poll(() => button.getAttribute('class'), patient).not.toContain('listen-playing');
}

it('takes a recording in under its name and plays it', async () => {
  await byId('recording-file').setInputFiles(recording);
  await expect.poll(() => byId('recording-title').inputValue(), patient).toBe('禁止停车');
  await byId('keep-recording').click();
  await byId('recording').first().waitFor();
  const [kept] = await voice.recordings.list();
  expect(kept).toMatchObject({ title: '禁止停车', savedBy: 'duty' });
  await listen(kept?.name ?? '');
});

it('a template is heard before it is saved', async () => {
  await byId('new-template').click();
  await byId('template-name').fill('深夜劝离');
  await byId('template-text-zh-CN').fill('{lane}的居民已经休息，请放低声音');
  await listen('editor-zh-CN');
  await page.screenshot({ path: `${artefacts}/voice-editor.png` });
  await byId('save-template').click();
  await byId('template').first().waitFor();
  expect(await store.voiceTemplates()).toMatchObject([
    { name: '深夜劝离', texts: { 'zh-CN': '{lane}的居民已经休息，请放低声音' } },
  ]);
  await page.screenshot({ path: `${artefacts}/voice.png` });
});

it('a text that names a person is refused with the reason', async () => {
  await byId('new-template').click();
  await byId('template-name').fill('错');
  await byId('template-text-zh-CN').fill('{name}请离开');
  await byId('save-template').click();
  await page.getByText('没有占位符 {name}').first().waitFor();
  expect(await store.voiceTemplates()).toHaveLength(1);
});

it('a rule speaks with the template, and is saved with it', async () => {
  await page.evaluate(() => {
    window.location.hash = '#/cameras/cam-1';
  });
  await page.locator('[data-rule-id=gate]').click();
  const choice = byId('announcement-first');
  await choice.getByText('模板').click();
  await listen('first');
  await page.getByText('再次、第三次、夜间怎么喊').click();
  await byId('announcement-third').getByText('录音').click();
  await byId('voice-plan').getByText('轻声').click();
  await page.screenshot({ path: `${artefacts}/voice-rule.png` });
  await byId('save-rules').click();
  await expect
    .poll(async () => (await store.rules('cam-1')).rules.tripwires?.[0]?.response, patient)
    .toMatchObject({
      announcement: { kind: 'template', language: 'zh-CN' },
      voice: { third: { kind: 'recording' }, quiet: { manner: 'softer' } },
    });
});
