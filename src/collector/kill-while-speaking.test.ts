/**
 * The centre's program is killed in the middle of what a paging speaker and a SIP phone say, and started again: nobody hears
 * it a second time, the operator is told that it was cut, the call that the phone still holds is ended, and what happens next
 * is said by both.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { type SipPhone, startBaresip } from '../testing/sip-speakers.ts';
import { createStore } from './store/create-store.ts';

const patient = { timeout: 30_000, interval: 20 };
const folder = mkdtempSync(join(tmpdir(), 'killed-'));
const dataFolder = join(folder, 'data');
const config = join(folder, 'collector.yaml');
const database = { kind: 'sqlite', file: join(dataFolder, 'collector.sqlite') } as const;
let broker: Mosquitto;
let horn: RtpReceiver;
let phone: SipPhone;
let edge: SendingEdge;
let collector: CollectorProcess;

beforeAll(async () => {
  for (const path of [dataFolder, join(folder, 'recordings')]) mkdirSync(path);
  for (const [name, seconds] of [
    ['long', 20],
    ['short', 1],
  ] as const) {
    const path = join(folder, 'recordings', `${name}.wav`);
    const source = `sine=f=600:d=${seconds}:r=8000`;
    spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, path]);
  }
  broker = await createMosquitto();
  await broker.start();
  horn = createRtpReceiver({ wavFile: join(folder, 'heard.wav') });
  const port = await horn.start();
  phone = await startBaresip();
  const speakers = [
    { driver: 'rtp', speakerId: 'horn', name: 'Horn', address: '127.0.0.1', port },
    { driver: 'sip', speakerId: 'phone', name: 'Phone', ...{ address: '127.0.0.1', user: 'horn' } },
  ].map((one) => (one.driver === 'sip' ? { ...one, port: phone.port } : one));
  const cameras = [
    { cameraId: 'cam-1', speakerId: 'horn' },
    { cameraId: 'cam-2', speakerId: 'phone' },
  ];
  const places = { recordingsFolder: join(folder, 'recordings'), dataFolder, speakers, cameras };
  // YAML holds JSON.
  writeFileSync(
    config,
    JSON.stringify({ http: { port: 0 }, broker: { url: broker.url }, ...places }),
  );
  await drawWires();
  collector = createCollectorProcess(config);
  edge = await connectEdge(broker.url, 'edge-1');
}, 60_000);

afterAll(async () => {
  await collector?.end('SIGKILL');
  await edge?.close();
  await phone?.stop();
  await horn?.stop();
  await broker?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Each camera has a wire that is long in speaking and one that is short. */
async function drawWires(): Promise<void> {
  const store = await createStore({ database, places: [] });
  const points: [number, number][] = [
    [0, 0],
    [1, 1],
  ];
  const tripwires = ['long', 'short'].map((name) => {
    const response = { announcement: { kind: 'recording', name } as const };
    return { ruleId: name, points, response };
  });
  for (const cameraId of ['cam-1', 'cam-2'])
    await store.saveRules(cameraId, { schemaVersion: 1, tripwires }, 0, 'li', Date.now());
  await store.close();
}

type Crossing = ReturnType<typeof crossingEvent>;

const crossings = (from: number, ruleId: string): readonly Crossing[] =>
  ['cam-1', 'cam-2'].map((cameraId, index) =>
    crossingEvent(from + index, { cameraId, ruleId, capturedAtMs: Date.now() }),
  );

test('what was cut by the kill is never said again, is told, and the next thing is said', async () => {
  await collector.start();
  const cut = crossings(1, 'long');
  await edge.send(cut);
  await vi.waitFor(() => expect(horn.statistics().packets).toBeGreaterThan(20), patient);
  await vi.waitFor(() => expect(phone.heard()).toHaveLength(1), patient);
  await collector.end('SIGKILL');
  expect((await remembered()).calls).toHaveLength(1);

  await collector.start();
  // The edge sends again what it is not sure of, then something happens.
  await edge.send(cut);
  await edge.send(crossings(3, 'short'));
  await vi.waitFor(() => expect(horn.statistics().streams.length).toBeGreaterThan(1), patient);
  await vi.waitFor(
    () => expect(horn.statistics().streams.at(-1)?.packets).toBeGreaterThan(50),
    patient,
  );
  await vi.waitFor(() => expect(phone.heard()).toHaveLength(2), patient);
  await vi.waitFor(
    async () =>
      expect((await remembered()).ends).toEqual({
        'cam-1 long': cutOff,
        'cam-2 long': cutOff,
        'cam-1 short': { state: 'sent' },
        'cam-2 short': { state: 'answered' },
      }),
    patient,
  );
  await collector.end('SIGTERM');
  expect(horn.statistics().streams).toHaveLength(2);
  expect(phone.heard()).toHaveLength(2);
  expect((await remembered()).calls).toEqual([]);
});

const cutOff = { state: 'failed', reason: 'the collector broke off while it was being said' };

/** How every announcement ended, and the calls of the phone that nobody has ended. */
async function remembered() {
  const store = await createStore({ database, places: [] });
  const told = await store.announcements({ failedOnly: false, cameraIds: undefined, limit: 10 });
  const calls = await store.keptCalls('phone');
  await store.close();
  const ends = told.map(({ cameraId, wording, state, reason }) => [
    `${cameraId} ${wording}`,
    reason === undefined ? { state } : { state, reason },
  ]);
  return { ends: Object.fromEntries(ends) as unknown, calls };
}
