/**
 * The centre's program is killed in the middle of what a paging speaker and a SIP phone say, and started again: nobody hears
 * it a second time, the operator is told that it was cut, the call that the phone still holds is ended, and what happens next
 * is said by both. The same when it is killed before it hears that the phone has taken the call.
 */
import { spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
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
let line: Awaited<ReturnType<typeof layLine>>;
let edge: SendingEdge;
let collector: CollectorProcess;

beforeAll(async () => {
  for (const path of [dataFolder, join(folder, 'recordings')]) mkdirSync(path);
  for (const [name, seconds] of [
    ['long', 20],
    ['short', 1],
    ['unheard', 20],
    ['after', 1],
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
  line = await layLine(phone.port);
  const speakers = [
    { driver: 'rtp', speakerId: 'horn', name: 'Horn', address: '127.0.0.1', port },
    { driver: 'sip', speakerId: 'phone', name: 'Phone', ...{ address: '127.0.0.1', user: 'horn' } },
  ].map((one) => (one.driver === 'sip' ? { ...one, port: line.port } : one));
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
  line?.cut();
  await phone?.stop();
  await horn?.stop();
  await broker?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Each camera has wires that are long in speaking and some that are short. */
async function drawWires(): Promise<void> {
  const store = await createStore({ database, places: [] });
  const points: [number, number][] = [
    [0, 0],
    [1, 1],
  ];
  const tripwires = ['long', 'short', 'unheard', 'after'].map((name) => {
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

test('killed before it hears that the phone has taken the call it does not leave the phone in it', async () => {
  await collector.start();
  line.beforeTaken = () => {
    line.beforeTaken = undefined;
    void collector.end('SIGKILL');
  };
  const [, cut] = crossings(5, 'unheard');
  if (cut === undefined) throw new Error('no crossing');
  await edge.send([cut]);
  await vi.waitFor(() => expect(line.beforeTaken).toBeUndefined(), patient);
  expect((await remembered()).calls).toHaveLength(1);
  const before = phone.heard().length;

  const restartedAtMs = Date.now();
  await collector.start();
  await edge.send([cut]);
  await vi.waitFor(async () => expect((await remembered()).calls).toEqual([]), patient);
  // Without an acknowledgement the phone itself gives the call up after 32 s (RFC 3261, 13.3.1.4).
  expect(Date.now() - restartedAtMs).toBeLessThan(20_000);
  const [, next] = crossings(7, 'after');
  if (next === undefined) throw new Error('no crossing');
  await edge.send([next]);
  await vi.waitFor(
    async () =>
      expect((await remembered()).ends).toMatchObject({
        'cam-2 unheard': cutOff,
        'cam-2 after': { state: 'answered' },
      }),
    patient,
  );
  await collector.end('SIGTERM');
  expect(phone.heard()).toHaveLength(before + 1);
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

/** Between the centre and the phone. `beforeTaken` comes as the phone says that it takes a call; that word is lost. */
async function layLine(phonePort: number) {
  const front = createSocket('udp4').bind(0, '127.0.0.1');
  await once(front, 'listening');
  const backs = new Map<number, Socket>();
  const laid = {
    port: front.address().port,
    beforeTaken: undefined as (() => void) | undefined,
    cut: () => {
      for (const socket of [front, ...backs.values()]) socket.close();
    },
  };
  const backOf = (callerPort: number): Socket => {
    const back = createSocket('udp4');
    back.on('message', (said) => {
      const isTaken = /^SIP\/2\.0 200 [\s\S]*CSeq: \d+ INVITE/.test(said.toString());
      if (isTaken && laid.beforeTaken !== undefined) laid.beforeTaken();
      else front.send(said, callerPort, '127.0.0.1');
    });
    backs.set(callerPort, back);
    return back;
  };
  front.on('message', (asked, { port }) => {
    (backs.get(port) ?? backOf(port)).send(asked, phonePort, '127.0.0.1');
  });
  return laid;
}
