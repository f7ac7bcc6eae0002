/** An operator holds the button in a real browser with a tone for a microphone; the lane's speaker hears it, and then nothing. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttp, type Http } from '../../collector/http/http.ts';
import { createSpeakers, type Speakers } from '../../collector/speakers/speakers.ts';
import { readWav } from '../../collector/speakers/voice/wav-file.ts';
import { createStore } from '../../collector/store/create-store.ts';
import type { Store } from '../../collector/store/store.ts';
import { createRtpReceiver, type RtpReceiver } from '../../demo/rtp-receiver.ts';
import { launchChromium } from '../../testing/chromium.ts';
import { builtConsole } from '../../testing/console-build.ts';

const artefacts = 'test-artefacts/console';
const folder = mkdtempSync(join(tmpdir(), 'talk-'));
const toneFile = join(folder, 'tone.wav');
const patient = { timeout: 20_000, interval: 20 };
const logger = pino({ level: 'silent' });
let store: Awaited<ReturnType<typeof createStore>>;
let speakers: Speakers;
let receiver: RtpReceiver;
let http: Http;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let address: string;

beforeAll(async () => {
  mkdirSync(artefacts, { recursive: true });
  const source = 'sine=frequency=1000:sample_rate=48000:duration=10';
  spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, toneFile]);
  receiver = createRtpReceiver({ wavFile: join(folder, 'heard.wav') });
  const port = await receiver.start();
  store = await createStore({
    database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
    places: [{ cameraId: 'cam-1', name: '东大街 1 号口', speakerId: 'horn' }],
  });
  await haveCamera(store);
  speakers = createSpeakers(
    {
      speakers: [{ driver: 'rtp', speakerId: 'horn', name: '喇叭', address: '127.0.0.1', port }],
      cacheFolder: join(folder, 'cache'),
      talk: { recordingsFolder: join(folder, 'talks') },
    },
    { store, logger, now: Date.now },
  );
  await speakers.start();
  http = createHttp(
    { host: '127.0.0.1', port: 0, consoleFolder: await builtConsole() },
    {
      store,
      speakers,
      edges: {
        connected: () => true,
        publishRules: () => undefined,
        sendCommand: () => undefined,
      },
      logger,
      now: Date.now,
    },
  );
  const started = await http.start();
  address = started.address;
  browser = await launchChromium([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${toneFile}`,
  ]);
  context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const account = { username: 'duty', password: 'a-long-enough-password' };
  const token = started.setupToken;
  await page.request.post(`${address}/api/setup`, { data: { token, ...account } });
  await page.goto(`${address}/#/cameras/cam-1`);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await http?.stop();
  await speakers?.stop();
  await receiver?.stop();
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function haveCamera(centre: Store): Promise<void> {
  const camera = {
    cameraId: 'cam-1',
    name: '东大街 1 号口',
    state: 'live',
    stateSinceMs: Date.now(),
    analysedPerSecond: 5,
    width: 768,
    height: 576,
    rules: { appliedVersion: 0 },
  } as const;
  const health = { edgeId: 'edge-1', bootId: 'boot-1', atMs: Date.now(), outboxRows: 0 };
  await centre.recordHealth({ ...health, cameras: [camera] });
}

const stateOf = (of: Page) => () => of.getByTestId('talk').getAttribute('data-state');
const packets = (): number => receiver.statistics().packets;

async function hold(of: Page): Promise<void> {
  const box = await of.getByTestId('talk-button').boundingBox();
  if (box === null) throw new Error('the button is not in sight');
  await of.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await of.mouse.down();
}

/** How much of the sound is of this frequency (Goertzel), as a share of all of it. */
function shareOf(hertz: number, { samples, sampleRate }: ReturnType<typeof readWav>): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / sampleRate);
  let [before, last, energy] = [0, 0, 0];
  for (const sample of samples) {
    [before, last] = [last, sample + coefficient * last - before];
    energy += sample * sample;
  }
  const power = last * last + before * before - coefficient * last * before;
  return power / ((energy * samples.length) / 2);
}

it('what is said while the button is held is heard, and nothing after', async () => {
  await hold(page);
  await expect.poll(stateOf(page), patient).toBe('talking');
  await expect.poll(packets, patient).toBeGreaterThan(75);
  await expect
    .poll(() => page.getByTestId('talk-note').textContent(), patient)
    .toMatch(/延迟约 \d+ 毫秒/);
  await page.screenshot({ path: `${artefacts}/talk.png` });
  await page.mouse.up();
  await expect.poll(() => speakers.talks.holders(), patient).toEqual([]);
  const heard = packets();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(packets()).toBe(heard);
  expect(await stateOf(page)()).toBe('idle');
});

it('what was said is kept, a tone as the microphone gave it, and stands in the register', async () => {
  const [kept = ''] = readdirSync(join(folder, 'talks'));
  const said = readWav(readFileSync(join(folder, 'talks', kept)));
  expect(shareOf(1000, said)).toBeGreaterThan(0.5);
  // And the lane heard it: the receiver writes what it has every second.
  await expect
    .poll(() => shareOf(1000, readWav(readFileSync(join(folder, 'heard.wav')))), patient)
    .toBeGreaterThan(0.3);
  const rows = await store.auditRows({ action: 'talked-to-lane', limit: 10 });
  expect(rows[0]).toMatchObject({ actor: 'duty', cameraId: 'cam-1', outcome: 'done' });
  const detail = JSON.parse(rows[0]?.detail ?? '{}') as { seconds: number; speakerId: string };
  expect(detail.speakerId).toBe('horn');
  expect(detail.seconds).toBeGreaterThan(1);
});

it('a window that loses the focus lets go, though the button is still down', async () => {
  await hold(page);
  await expect.poll(stateOf(page), patient).toBe('talking');
  await page.locator('body').evaluate(() => window.dispatchEvent(new Event('blur')));
  await expect.poll(stateOf(page), patient).toBe('idle');
  await expect.poll(() => speakers.talks.holders(), patient).toEqual([]);
  const heard = packets();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(packets()).toBe(heard);
  await page.mouse.up();
});

it('a second operator is told who speaks, and gets the lane when it is free', async () => {
  const other = await context.newPage();
  other.setDefaultTimeout(15_000);
  await other.goto(`${address}/#/cameras/cam-1`);
  await hold(page);
  await expect.poll(stateOf(page), patient).toBe('talking');
  await hold(other);
  await expect.poll(stateOf(other), patient).toBe('busy');
  expect(await other.getByTestId('talk-note').textContent()).toContain('duty');
  await other.mouse.up();
  await page.mouse.up();
  await expect.poll(() => speakers.talks.holders(), patient).toEqual([]);
  await hold(other);
  await expect.poll(stateOf(other), patient).toBe('talking');
  // The page is closed in the middle of it: the lane falls silent.
  await other.close();
  await expect.poll(() => speakers.talks.holders(), patient).toEqual([]);
});
