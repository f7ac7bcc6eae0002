/**
 * How long an operator's voice takes from the microphone to the speaker's packet, and how long the lane hears something
 * after the key was let go: a real Chromium with bursts of a tone for a microphone, the real collector's routes, RTP.
 * The mouth's time is that of the first loud sample in the page, less the delay that the browser reports of its microphone.
 * `npm run bench:talk`; fails when the 95th percentile is above 300 ms or the tail above 300 ms.
 */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Page } from 'playwright-core';
import { createHttp } from '../src/collector/http/http.ts';
import { createSpeakers } from '../src/collector/speakers/speakers.ts';
import { createStore } from '../src/collector/store/create-store.ts';
import { launchChromium } from '../src/testing/chromium.ts';
import { builtConsole } from '../src/testing/console-build.ts';

const goalMs = 300;
const holds = 3;
const holdMs = 8000;
const quietBeforeMs = 200;
const logger = pino({ level: 'silent' });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A speaker that notes when it hears a burst begin (PCMU), and when its last packet came. */
async function listen() {
  const socket = createSocket('udp4');
  const heard = { onsetsMs: [] as number[], lastMs: 0 };
  let loudMs = 0;
  socket.on('message', (packet) => {
    heard.lastMs = Date.now();
    const isLoud = packet.subarray(12).some((byte) => (~byte & 0x7f) > 0x38);
    if (!isLoud) return;
    if (heard.lastMs - loudMs > quietBeforeMs) heard.onsetsMs.push(heard.lastMs);
    loudMs = heard.lastMs;
  });
  await bindEven(socket);
  return { heard, port: socket.address().port, close: () => socket.close() };
}

async function bindEven(socket: ReturnType<typeof createSocket>): Promise<void> {
  const port = 20_000 + 2 * Math.floor(Math.random() * 10_000);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', resolve);
  });
}

/** Runs in the page before it: notes when a burst begins in what goes to the centre. */
function watchTheMouth(): void {
  const mouth: number[] = [];
  Object.assign(window, { mouth });
  let loudMs = 0;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data): void {
    if (data instanceof ArrayBuffer) {
      const samples = new Int16Array(data, 4);
      const first = samples.findIndex((sample) => Math.abs(sample) > 3000);
      const nowMs = Date.now();
      if (first >= 0) {
        // 20 ms of samples, of which those from the first loud one on have been waiting here.
        if (nowMs - loudMs > 200)
          mouth.push(nowMs - ((samples.length - first) / samples.length) * 20);
        loudMs = nowMs;
      }
    }
    send.call(this, data);
  };
}

async function holdOnce(page: Page): Promise<number> {
  const box = await page.getByTestId('talk-button').boundingBox();
  if (box === null) throw new Error('the button is not in sight');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.locator('[data-testid=talk][data-state=talking]').waitFor();
  await pause(holdMs);
  const releasedMs = Date.now();
  await page.mouse.up();
  await pause(1500);
  return releasedMs;
}

function percentile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN);
}

/** The collector's routes and speakers, with one camera beside one horn. */
async function openCentre(folder: string, port: number) {
  const store = await createStore({
    database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
    places: [{ cameraId: 'cam-1', speakerId: 'horn' }],
  });
  const rules = { appliedVersion: 0 };
  const state = { state: 'live', stateSinceMs: Date.now(), analysedPerSecond: 5 } as const;
  await store.recordHealth({
    ...{ edgeId: 'edge-1', bootId: 'boot-1', atMs: Date.now(), outboxRows: 0 },
    cameras: [{ cameraId: 'cam-1', name: 'Lane', ...state, rules }],
  });
  const horn = { driver: 'rtp', speakerId: 'horn', name: 'Horn', address: '127.0.0.1' } as const;
  const speakers = createSpeakers(
    { speakers: [{ ...horn, port }], cacheFolder: join(folder, 'cache') },
    { store, logger, now: Date.now },
  );
  await speakers.start();
  const ignore = (): void => undefined;
  const edges = { connected: () => true, publishRules: ignore, sendCommand: ignore };
  const settings = { host: '127.0.0.1', port: 0, consoleFolder: await builtConsole() };
  const http = createHttp(settings, { store, speakers, edges, logger, now: Date.now });
  const { address, setupToken: token } = await http.start();
  const stop = async (): Promise<void> => {
    await http.stop();
    await speakers.stop();
    await store.close();
  };
  return { address, token, stop };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-talk-'));
  const bursts = join(folder, 'bursts.wav');
  const tone = '0.5*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.3)';
  spawnSync('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    `aevalsrc=${tone}:s=48000:d=20`,
    bursts,
  ]);
  const speaker = await listen();
  const centre = await openCentre(folder, speaker.port);
  const browser = await launchChromium([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${bursts}`,
  ]);
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.addInitScript(watchTheMouth);
    const account = { username: 'duty', password: 'a-long-enough-password' };
    const data = { token: centre.token, ...account };
    await page.request.post(`${centre.address}/api/setup`, { data });
    await page.goto(`${centre.address}/#/cameras/cam-1`);
    const tailsMs: number[] = [];
    for (let round = 0; round < holds; round += 1) {
      const releasedMs = await holdOnce(page);
      tailsMs.push(Math.max(0, speaker.heard.lastMs - releasedMs));
    }
    const mouthMs = await page.evaluate(() => (window as unknown as { mouth: number[] }).mouth);
    report(mouthMs, speaker.heard.onsetsMs, tailsMs, await microphoneMs(page));
  } finally {
    await browser.close();
    await centre.stop();
    speaker.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the browser says that its microphone lags behind. */
function microphoneMs(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const settings: MediaTrackSettings & { latency?: number } =
      stream.getAudioTracks()[0]?.getSettings() ?? {};
    return (settings.latency ?? 0) * 1000;
  });
}

function report(
  mouthMs: readonly number[],
  heardMs: readonly number[],
  tailsMs: readonly number[],
  microphone: number,
): void {
  const delays = heardMs
    .flatMap((heard) => {
      const said = mouthMs.findLast((one) => one <= heard && heard - one < 800);
      return said === undefined ? [] : [heard - said + microphone];
    })
    .sort((a, b) => a - b);
  const p95 = percentile(delays, 0.95);
  const tail = Math.max(...tailsMs);
  process.stdout.write(
    `bursts                ${delays.length} of ${mouthMs.length}\n` +
      `mouth to packet, ms   p50 ${percentile(delays, 0.5)}  p95 ${p95}  max ${percentile(delays, 1)}\n` +
      `tail after release    ${tail} ms\n`,
  );
  const isEnough = delays.length >= mouthMs.length * 0.9 && delays.length > 0;
  if (!isEnough || p95 > goalMs || tail > goalMs) process.exitCode = 1;
}

await main();
