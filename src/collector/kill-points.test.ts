/**
 * The centre's program dies at each step of saying something, by SIGKILL, and is started again: nobody hears anything twice,
 * what is not fresh any more is not said, and of everything that was not said, or of which nobody knows, the operator is told.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRtpReceiver, type RtpReceiver } from '../demo/rtp-receiver.ts';
import {
  type CollectorProcess,
  connectEdge,
  createCollectorProcess,
  type SendingEdge,
} from '../testing/collector-process.ts';
import { crossingEvent } from '../testing/events.ts';
import { createMosquitto, type Mosquitto } from '../testing/mosquitto.ts';
import { createStore } from './store/create-store.ts';

const patient = { timeout: 30_000, interval: 20 };
const folder = mkdtempSync(join(tmpdir(), 'kill-points-'));
const dataFolder = join(folder, 'data');
const recordingsFolder = join(folder, 'recordings');
const database = { kind: 'sqlite', file: join(dataFolder, 'collector.sqlite') } as const;
const wordings = ['one', 'two', 'three', 'four', 'five', 'six'] as const;
type Wording = (typeof wordings)[number];
/** A whole announcement, as it is prepared from each of the recordings. */
const wholePackets = 65;
const fiveMinutesMs = 300_000;
let broker: Mosquitto;
let horn: RtpReceiver;
let edge: SendingEdge;
let collector: CollectorProcess;

beforeAll(async () => {
  for (const path of [dataFolder, recordingsFolder]) mkdirSync(path);
  const sound = join(folder, 'sound.wav');
  spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=f=600:d=0.3:r=8000', sound]);
  for (const name of wordings) copyFileSync(sound, join(recordingsFolder, `${name}.wav`));
  broker = await createMosquitto();
  await broker.start();
  horn = createRtpReceiver({ wavFile: join(folder, 'heard.wav') });
  const port = await horn.start();
  const config = join(folder, 'collector.yaml');
  const speaker = { driver: 'rtp', speakerId: 'horn', name: 'Horn', address: '127.0.0.1', port };
  const places = { recordingsFolder, dataFolder, speakers: [speaker] };
  const cameras = [{ cameraId: 'cam-1', speakerId: 'horn' }];
  // YAML holds JSON.
  writeFileSync(
    config,
    JSON.stringify({ http: { port: 0 }, broker: { url: broker.url }, ...places, cameras }),
  );
  collector = createCollectorProcess(config);
  await drawWires();
  edge = await connectEdge(broker.url, 'edge-1');
}, 60_000);

afterAll(async () => {
  await collector?.end('SIGKILL');
  await edge?.close();
  await horn?.stop();
  await broker?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Each wire says its own name, so that what becomes of it can be told apart. */
async function drawWires(): Promise<void> {
  const store = await createStore({ database, places: [] });
  const points: [number, number][] = [
    [0, 0],
    [1, 1],
  ];
  const tripwires = wordings.map((name) => {
    const response = { announcement: { kind: 'recording', name } as const };
    return { ruleId: name, points, response };
  });
  await store.saveRules('cam-1', { schemaVersion: 1, tripwires }, 0, 'li', Date.now());
  await store.close();
}

/** Runs until it comes to the step of its work, but for so many times that it lets it pass. */
const diesAt = (step: string, passes = 0) => ({
  file: './scripts/chaos/crash-at.ts',
  environment: { CRASH_AT: step, CRASH_AFTER: String(passes) },
});

const crossing = (wording: Wording, aheadMs = 0) =>
  crossingEvent(wordings.indexOf(wording) + 1, {
    ruleId: wording,
    capturedAtMs: Date.now() + aheadMs,
  });

/** Somebody crosses, the centre dies at what it says, and is there again; the edge sends until it is acknowledged. */
async function diesOf(wording: Wording, next: Parameters<CollectorProcess['start']>[0]) {
  const event = crossing(wording);
  const sending = edge.send([event]);
  await collector.ended();
  await collector.start(next);
  await sending;
  // And once more, as an edge does whose acknowledgement was lost.
  await edge.send([event]);
}

async function ends(failedOnly = false) {
  const store = await createStore({ database, places: [] });
  const told = await store.announcements({ failedOnly, cameraIds: undefined, limit: 20 });
  await store.close();
  return Object.fromEntries(
    told.map(({ wording, state, reason }) => [wording, reason ?? state]),
  ) as Partial<Record<Wording, string>>;
}

const endOf = (wording: Wording, end: string) =>
  vi.waitFor(async () => expect((await ends())[wording]).toBe(end), patient);
/** What came of each announcement that made a sound, and no other. */
const heard = (...packets: readonly number[]) =>
  vi.waitFor(
    () => expect(horn.statistics().streams.map((one) => one.packets)).toEqual(packets),
    patient,
  );
const unknown = 'the collector broke off while it was being said';
const tooLate = 'its time had passed before the speaker was free';

test('killed at each step of an announcement it says nothing twice and nothing stale, and tells what it does not know', {
  timeout: 240_000,
}, async () => {
  await collector.start(diesAt('speaker-before-claim'));
  await diesOf('one', diesAt('speaker-after-claim', 1));
  // Nothing of it was said and it is fresh.
  await endOf('one', 'sent');
  await heard(wholePackets);

  await diesOf('two', diesAt('speaker-before-packet', 10));
  await endOf('two', unknown);
  await heard(wholePackets);

  // The start itself stores one outcome, of what was cut.
  await diesOf('three', diesAt('speaker-before-outcome', 1));
  await endOf('three', unknown);
  await heard(wholePackets, 10);

  await diesOf('four', diesAt('speaker-before-claim'));
  await endOf('four', unknown);
  await heard(wholePackets, 10, wholePackets);

  // It comes back five minutes later.
  const SKEW_FILE = join(folder, 'skew');
  writeFileSync(SKEW_FILE, String(fiveMinutesMs));
  await diesOf('five', { file: './scripts/chaos/skewed-date.ts', environment: { SKEW_FILE } });
  await endOf('five', tooLate);
  await edge.send([crossing('six', fiveMinutesMs)]);
  await endOf('six', 'sent');
  await heard(wholePackets, 10, wholePackets, wholePackets);

  const silent = { two: unknown, three: unknown, four: unknown, five: tooLate };
  expect(await ends()).toEqual({ one: 'sent', ...silent, six: 'sent' });
  expect(await ends(true)).toEqual(silent);
});
