/** Calls that nobody ends: after a crash, after a BYE that was lost, and how a device is told that one still goes on. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRtpReceiver } from '../../demo/rtp-receiver.ts';
import { sippSays, sippTakes, startBaresip, startSipp } from '../../testing/sip-speakers.ts';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { createRtpSender } from './rtp/rtp-sender.ts';
import { createCallBook } from './sip/call-book.ts';
import type { SipTiming } from './sip/sip-timing.ts';
import { createSipDriver } from './sip-driver.ts';
import type { AnnouncementAudio } from './speaker.ts';

const folder = mkdtempSync(join(tmpdir(), 'sip-calls-'));
const logger = pino({ level: 'silent' });
const sender = createRtpSender(logger);
const never = new AbortController().signal;
const timing: SipTiming = { t1Ms: 200, t2Ms: 800, answerWithinMs: 15_000, requestWithinMs: 5000 };
const impatient: SipTiming = { ...timing, requestWithinMs: 600 };
const sound: AnnouncementAudio = {
  announcementId: 'a',
  samples: Int16Array.from({ length: 8000 }, (_, index) => 8000 * Math.sin(index / 3)),
  sampleRate: 8000,
};
let store: Store;
const nowMs = 1_800_000_000_000;

beforeAll(async () => {
  const file = join(folder, 'centre.sqlite');
  store = await createStore({ database: { kind: 'sqlite', file }, places: [] }, () => nowMs);
});
afterAll(async () => {
  await sender.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each is a run of the centre of its own. */
function driverOf(
  speakerId: string,
  port: number,
  { isAlone = true, clock = timing, aheadMs = 0 } = {},
) {
  const book = createCallBook({ speakerId, store, isAlone, logger, now: () => nowMs + aheadMs });
  const where = { address: '127.0.0.1', port, user: 'horn' };
  return createSipDriver({ driver: 'sip', speakerId, name: 'Horn', ...where }, sender, clock, book);
}

test.concurrent('a call that an earlier run left is ended before the next one, and by no collector that shares the centre', async () => {
  const phone = await startBaresip();
  const crash = new AbortController();
  const lastRun = await driverOf('phone', phone.port).openLive?.(crash.signal);
  expect(lastRun?.ok).toBe(true);
  const [call] = await store.keptCalls('phone');
  expect(call?.callId).toBeTypeOf('string');

  const beside = driverOf('phone', phone.port, { isAlone: false });
  expect(await beside.probe()).toEqual({ kind: 'ready' });
  expect(await beside.play(sound, never)).toMatchObject({ kind: 'busy' });

  expect(await driverOf('phone', phone.port).play(sound, never)).toEqual({ kind: 'answered' });
  expect(await store.keptCalls('phone')).toEqual([]);
  crash.abort();
  await phone.stop();
});

test.concurrent('a call whose end did not arrive is ended at the next probe', async () => {
  const phone = await startBaresip();
  const link = await breakableLink(phone.port);
  const driver = driverOf('far', link.port, { clock: impatient });
  const opened = await driver.openLive?.(never);
  if (opened?.ok !== true) throw new Error('it did not open');
  link.broken = true;
  expect(await opened.stream.close()).toMatchObject({ kind: 'unreachable' });
  expect(await driver.probe()).toMatchObject({ kind: 'unreachable' });
  expect(await store.keptCalls('far')).toHaveLength(1);
  link.broken = false;
  expect(await driver.probe()).toEqual({ kind: 'ready' });
  expect(await store.keptCalls('far')).toEqual([]);
  expect(await driver.play(sound, never)).toEqual({ kind: 'answered' });
  link.stop();
  await phone.stop();
});

test.concurrent('a speaker that is gone for an hour has forgotten the call itself', async () => {
  const phone = await startBaresip();
  await driverOf('gone', phone.port).openLive?.(never);
  await phone.stop();
  const next = driverOf('gone', phone.port, { clock: impatient });
  await next.probe();
  expect(await store.keptCalls('gone')).toHaveLength(1);
  await driverOf('gone', phone.port, { clock: impatient, aheadMs: 61 * 60_000 }).probe();
  expect(await store.keptCalls('gone')).toEqual([]);
});

const takesFor = (rtpPort: number, headers: string): string =>
  sippTakes(rtpPort).replace('Content-Type:', `${headers}\nContent-Type:`);
const asked = (request: string, header: string, pattern: string) =>
  `<recv request="${request}"><action><ereg regexp="${pattern}" search_in="hdr" header="${header}:" check_it="true" assign_to="seen"/></action></recv>`;

test.concurrent.each([
  ['UPDATE', 'Allow: INVITE, ACK, BYE, UPDATE', ''],
  ['INVITE', 'Allow: INVITE, ACK, BYE', '<recv request="ACK"/>'],
])('a device that keeps watch is told by %s that the call goes on', async (method, allow, ack) => {
  const receiver = createRtpReceiver({ wavFile: join(folder, `${method}.wav`) });
  const rtpPort = await receiver.start();
  const watched = `${allow}\nRequire: timer\nSession-Expires: 1;refresher=uac`;
  const phone = await startSipp(
    [
      asked('INVITE', 'Session-Expires', '90;refresher=uac'),
      takesFor(rtpPort, watched),
      '<recv request="ACK"/>',
      asked(method, 'Session-Expires', '1;refresher=uac'),
      takesFor(rtpPort, watched.replace('Expires: 1', 'Expires: 1800')),
      ack,
      '<recv request="BYE"/>',
      sippSays('200 OK'),
      '<Reference variables="seen"/>',
    ].join('\n'),
  );
  expect(await driverOf(method, phone.port).play(sound, never)).toEqual({ kind: 'answered' });
  expect(await phone.ended).toBe(0);
  await phone.stop();
  await receiver.stop();
});

test.concurrent('a server that finds the interval too short is asked with its own', async () => {
  const receiver = createRtpReceiver({ wavFile: join(folder, 'least.wav') });
  const phone = await startSipp(
    [
      '<recv request="INVITE"/>',
      sippSays('422 Session Interval Too Small', 'Min-SE: 1800\nContent-Length: 0\n\n'),
      '<recv request="ACK"/>',
      asked('INVITE', 'Session-Expires', '1800;refresher=uac'),
      sippTakes(await receiver.start()),
      '<recv request="ACK"/>',
      '<recv request="BYE"/>',
      sippSays('200 OK'),
      '<Reference variables="seen"/>',
    ].join('\n'),
  );
  expect(await driverOf('strict', phone.port).play(sound, never)).toEqual({ kind: 'answered' });
  expect(await phone.ended).toBe(0);
  await phone.stop();
  await receiver.stop();
});

/** Between the caller and the phone; when it is broken nothing comes through. */
async function breakableLink(phonePort: number) {
  const front = createSocket('udp4');
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  const backs = new Map<number, ReturnType<typeof createSocket>>();
  const link = {
    port: front.address().port,
    broken: false,
    stop: () => {
      front.close();
      for (const back of backs.values()) back.close();
    },
  };
  front.on('message', (message, { port }) => {
    let back = backs.get(port);
    if (back === undefined) {
      back = createSocket('udp4');
      back.on('message', (answer) => {
        if (!link.broken) front.send(answer, port, '127.0.0.1');
      });
      backs.set(port, back);
    }
    if (!link.broken) back.send(message, phonePort, '127.0.0.1');
  });
  return link;
}
