/** Speakers that are reached over TCP and TLS: a SIP phone, and an HTTP device with a certificate of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRtpReceiver } from '../../demo/rtp-receiver.ts';
import { matchEnvelopes } from '../../testing/audio-envelope.ts';
import { startHttpSpeaker } from '../../testing/http-speaker.ts';
import {
  type SipPhone,
  sippSays,
  sippTakes,
  startBaresip,
  startSipp,
} from '../../testing/sip-speakers.ts';
import { startTlsFront } from '../../testing/tls-front.ts';
import { createHttpDriver } from './http-driver.ts';
import { createRtpSender } from './rtp/rtp-sender.ts';
import { createSipDriver } from './sip-driver.ts';
import type { AnnouncementAudio } from './speaker.ts';
import type { SipSpeakerConfig } from './speaker-config.ts';
import { readWav } from './voice/wav-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'encrypted-'));
const wav = join(folder, 'sent.wav');
const never = new AbortController().signal;
const sender = createRtpSender(pino({ level: 'silent' }));
let phone: SipPhone;
let sound: AnnouncementAudio;

beforeAll(async () => {
  const bursts = `aevalsrc=exprs='0.5*sin(2*PI*700*t)*lt(mod(t*t*3\\,1)\\,0.5)':s=8000:d=1.2`;
  spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', bursts, wav]);
  sound = { announcementId: 'a', samples: readWav(readFileSync(wav)).samples, sampleRate: 8000 };
  phone = await startBaresip();
}, 30_000);

afterAll(async () => {
  await phone?.stop();
  await sender.stop();
  rmSync(folder, { recursive: true, force: true });
});

const driverAt = (port: number, changes: Partial<SipSpeakerConfig>) =>
  createSipDriver(
    {
      ...{ driver: 'sip', speakerId: 'horn', name: 'Horn', address: '127.0.0.1', user: 'horn' },
      port,
      ...changes,
    },
    sender,
  );

test('a SIP phone hears over TCP what was sent', async () => {
  const driver = driverAt(phone.port, { transport: 'tcp' });
  expect(await driver.probe()).toEqual({ kind: 'ready' });
  expect(await driver.play(sound, never)).toEqual({ kind: 'answered' });
  const heard = phone.heard().at(-1) ?? '';
  expect((await matchEnvelopes(wav, heard)).correlation).toBeGreaterThanOrEqual(0.98);
});

test('sipp takes a call over TCP, and its refusal is acknowledged there too', async () => {
  const receiver = createRtpReceiver({ wavFile: join(folder, 'tcp.wav') });
  const takes = [
    '<recv request="INVITE"/>',
    sippTakes(await receiver.start()),
    '<recv request="ACK"/><recv request="BYE"/>',
    sippSays('200 OK'),
  ].join('\n');
  const taking = await startSipp(takes, 1, 'tcp');
  const ended = await driverAt(taking.port, { transport: 'tcp' }).play(sound, never);
  expect(ended).toEqual({ kind: 'answered' });
  expect(await taking.ended).toBe(0);
  expect(receiver.statistics()).toMatchObject({ packets: 85, lostPackets: 0 });
  await taking.stop();
  await receiver.stop();

  const refuses = ['<recv request="INVITE"/>', sippSays('486 Busy Here'), '<recv request="ACK"/>'];
  const busy = await startSipp(refuses.join('\n'), 1, 'tcp');
  expect(await driverAt(busy.port, { transport: 'tcp' }).play(sound, never)).toMatchObject({
    kind: 'busy',
  });
  expect(await busy.ended).toBe(0);
  await busy.stop();
});

test('a phone that speaks TLS itself hears what was sent', async () => {
  const secure = await startBaresip(undefined, { tls: true });
  const { tls } = secure;
  if (tls === undefined) throw new Error('the phone has no TLS');
  const driver = driverAt(tls.port, { transport: 'tls', caFile: tls.caFile });
  expect(await driver.probe()).toEqual({ kind: 'ready' });
  expect(await driver.play(sound, never)).toEqual({ kind: 'answered' });
  const heard = secure.heard().at(-1) ?? '';
  expect((await matchEnvelopes(wav, heard)).correlation).toBeGreaterThanOrEqual(0.98);
  await secure.stop();
});

test('over TLS it is trusted by the authority that is named, and by no other', async () => {
  const front = await startTlsFront(phone.port);
  const trusted = driverAt(front.port, { transport: 'tls', caFile: front.caFile });
  expect(await trusted.probe()).toEqual({ kind: 'ready' });
  expect(await trusted.play(sound, never)).toEqual({ kind: 'answered' });
  const untrusted = driverAt(front.port, { transport: 'tls' });
  expect(await untrusted.play(sound, never)).toMatchObject({
    kind: 'unreachable',
    reason: expect.stringMatching(
      /certificate of 127\.0\.0\.1:\d+ is not to be trusted .*mend caFile/,
    ),
  });
  front.stop();
  expect(await untrusted.probe()).toMatchObject({
    kind: 'unreachable',
    reason: expect.stringContaining('no SIP device listens'),
  });
});

test('an HTTP device is trusted the same way', async () => {
  const account = { username: 'duty', password: 's3cret' };
  const device = await startHttpSpeaker(account);
  const front = await startTlsFront(Number(new URL(device.url).port));
  const config = { driver: 'http', speakerId: 'horn', name: 'Horn', device: 'axis' } as const;
  const url = `https://127.0.0.1:${front.port}`;
  const trusted = createHttpDriver({ ...config, ...account, url, caFile: front.caFile });
  expect(await trusted.play(sound, never)).toEqual({ kind: 'answered' });
  expect(device.heard()[0]?.length).toBeGreaterThan(9000);
  const untrusted = createHttpDriver({ ...config, ...account, url });
  expect(await untrusted.play(sound, never)).toMatchObject({ kind: 'unreachable' });
  front.stop();
  await device.stop();
});
