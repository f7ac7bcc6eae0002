import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRtpReceiver } from '../../demo/rtp-receiver.ts';
import { matchEnvelopes } from '../../testing/audio-envelope.ts';
import { sippSays, sippTakes, startBaresip, startSipp } from '../../testing/sip-speakers.ts';
import { createRtpSender } from './rtp/rtp-sender.ts';
import { createSipRegistration } from './sip/sip-registration.ts';
import type { SipTiming } from './sip/sip-timing.ts';
import { createSipDriver } from './sip-driver.ts';
import type { AnnouncementAudio } from './speaker.ts';
import type { SipSpeakerConfig } from './speaker-config.ts';
import { readWav } from './voice/wav-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sip-driver-'));
const sender = createRtpSender(pino({ level: 'silent' }));
const never = new AbortController().signal;
const timing: SipTiming = { t1Ms: 200, t2Ms: 800, answerWithinMs: 15_000, requestWithinMs: 5000 };
const quick: SipTiming = { t1Ms: 50, t2Ms: 200, answerWithinMs: 400, requestWithinMs: 400 };
const sounds = new Map<8000 | 16000, AnnouncementAudio>();

beforeAll(() => {
  for (const sampleRate of [8000, 16000] as const) {
    const bursts = `aevalsrc=exprs='0.5*sin(2*PI*700*t)*lt(mod(t*t*3\\,1)\\,0.5)':s=${sampleRate}:d=1.5`;
    spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', bursts, wav(sampleRate)]);
    const { samples } = readWav(readFileSync(wav(sampleRate)));
    sounds.set(sampleRate, { announcementId: 'a', samples, sampleRate });
  }
});

afterAll(async () => {
  await sender.stop();
  rmSync(folder, { recursive: true, force: true });
});

function wav(rate: number): string {
  return join(folder, `sent-${rate}.wav`);
}

function sound(rate: 8000 | 16000 = 8000): AnnouncementAudio {
  const found = sounds.get(rate);
  if (found === undefined) throw new Error('no sound');
  return found;
}

function driverAt(port: number, changes: Partial<SipSpeakerConfig> = {}, clock = timing) {
  const config: SipSpeakerConfig = {
    driver: 'sip',
    speakerId: 'horn',
    name: 'Horn',
    address: '127.0.0.1',
    port,
    user: 'horn',
    ...changes,
  };
  return createSipDriver(config, sender, clock);
}

describe('a SIP speaker', () => {
  test.concurrent.each([
    ['PCMU', {}, 'pcmu/8000/1,pcma/8000/1', 8000],
    ['PCMA', { codec: 'pcma' }, 'pcmu/8000/1,pcma/8000/1', 8000],
    ['G.722', { codec: 'g722' }, 'g722/16000/1', 16000],
    ['PCMU though it was prepared for G.722', { codec: 'g722' }, 'pcmu/8000/1', 16000],
  ] as const)('hears in %s what was sent', async (_case, changes, codecs, rate) => {
    const phone = await startBaresip(codecs);
    const driver = driverAt(phone.port, changes);
    expect(await driver.probe()).toEqual({ kind: 'ready' });
    expect(await driver.play(sound(rate), never)).toEqual({ kind: 'answered' });
    const [heard = '', ...others] = phone.heard();
    expect(others).toEqual([]);
    const match = await matchEnvelopes(wav(rate), heard);
    expect(match.correlation).toBeGreaterThanOrEqual(0.98);
    await phone.stop();
  });

  test.concurrent('hears it once, though the first copy of every message is lost', async () => {
    const phone = await startBaresip();
    const relay = await lossyRelay(phone.port);
    expect(await driverAt(relay.port).play(sound(), never)).toEqual({ kind: 'answered' });
    expect(phone.heard()).toHaveLength(1);
    expect(relay.lost()).toEqual(expect.arrayContaining(['INVITE', 'ACK', 'BYE', '200']));
    relay.stop();
    await phone.stop();
  });

  test.concurrent('speaks live and hangs up', async () => {
    const phone = await startBaresip();
    const opened = await driverAt(phone.port).openLive?.(never);
    if (opened?.ok !== true) throw new Error('it did not open');
    const { samples } = sound();
    for (let at = 0; at < samples.length; at += 160) {
      opened.stream.write(samples.subarray(at, at + 160));
      await sleep(20);
    }
    expect(await opened.stream.close()).toEqual({ kind: 'answered' });
    expect(phone.heard()).toHaveLength(1);
    await phone.stop();
  });

  test.concurrent('that loses its power in the call is told from one that heard everything', async () => {
    const frozen = await startBaresip();
    const played = driverAt(frozen.port, {}, { ...timing, requestWithinMs: 600 }).play(
      sound(),
      never,
    );
    while (frozen.heard().length === 0) await sleep(10);
    frozen.process.kill('SIGSTOP');
    expect(await played).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining('was gone at its end'),
    });
    await frozen.stop();

    const killed = await startBaresip();
    const cut = driverAt(killed.port).play(sound(), never);
    while (killed.heard().length === 0) await sleep(10);
    killed.process.kill('SIGKILL');
    expect(await cut).toMatchObject({ kind: 'unreachable' });
    await killed.stop();
  });

  test.concurrent('is left in silence by an abort: the call is ended', async () => {
    const receiver = createRtpReceiver({ wavFile: join(folder, 'aborted.wav') });
    const phone = await startSipp(
      [
        '<recv request="INVITE"/>',
        sippTakes(await receiver.start()),
        '<recv request="ACK"/>',
        '<recv request="BYE"/>',
        sippSays('200 OK'),
      ].join('\n'),
    );
    const abort = new AbortController();
    const played = driverAt(phone.port).play(sound(), abort.signal);
    while (receiver.statistics().packets < 10) await sleep(5);
    abort.abort();
    expect(await played).toEqual({ kind: 'stopped' });
    await receiver.stop();
    expect(await phone.ended).toBe(0);
    await phone.stop();
  });
});

describe('a SIP speaker that does not take the call', () => {
  const refuses = (status: string) =>
    ['<recv request="INVITE"/>', sippSays(status), '<recv request="ACK"/>'].join('\n');

  test.concurrent.each([
    ['486 Busy Here', 'busy', 'is busy (486 Busy Here)'],
    ['500 Server Internal Error', 'refused', 'refused the call: 500 Server Internal Error'],
    ['480 Temporarily Unavailable', 'unreachable', 'is not there (480'],
    ['404 Not Found', 'refused', "mend the speaker's user"],
    ['488 Not Acceptable Here', 'refused', 'change its codec'],
    ['401 Unauthorized', 'refused', 'set username and passwordFile'],
  ])('says so: %s', async (status, kind, reason) => {
    const phone = await startSipp(refuses(status));
    const outcome = await driverAt(phone.port).play(sound(), never);
    expect(outcome).toMatchObject({ kind, reason: expect.stringContaining(reason) });
    // Only a refusal that is acknowledged ends the scenario well.
    expect(await phone.ended).toBe(0);
    await phone.stop();
  });

  test.concurrent('is unreachable when nothing listens and when nobody answers', async () => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address();
    const driver = driverAt(port, {}, quick);
    const late = { kind: 'unreachable', reason: expect.stringContaining('did not answer in time') };
    expect(await driver.play(sound(), never)).toMatchObject(late);
    expect(await driver.probe()).toMatchObject(late);
    expect(driver.status()).toMatchObject(late);
    silent.close();
    const gone = { kind: 'unreachable', reason: expect.stringContaining('no SIP device listens') };
    expect(await driver.play(sound(), never)).toMatchObject(gone);
    expect(await driver.probe()).toMatchObject(gone);
  });

  test.concurrent('is not left ringing: the call is cancelled', async () => {
    const phone = await startSipp(
      [
        '<recv request="INVITE"/>',
        sippSays('180 Ringing'),
        '<recv request="CANCEL"/>',
        sippSays('200 OK'),
        sippSays('487 Request Terminated').replace('[last_CSeq:]', 'CSeq: 1 INVITE'),
        '<recv request="ACK"/>',
      ].join('\n'),
    );
    const driver = driverAt(phone.port, {}, { ...timing, answerWithinMs: 500 });
    expect(await driver.play(sound(), never)).toMatchObject({ kind: 'unreachable' });
    expect(await phone.ended).toBe(0);
    await phone.stop();
  });
});

describe('a SIP speaker that wants a password', () => {
  const verified = '<verifyauth assign_to="right" username="duty" password="s3cret"/>';
  // sipp verifies what is meant for a device only, not what is meant for a server on the way.
  const shown =
    '<ereg regexp="Digest username=.duty.,.*nc=00000001" search_in="hdr" header="Proxy-Authorization:" assign_to="right"/>';
  const demands = (header: string, status: string, request: string) =>
    [
      `<recv request="${request}"/>`,
      sippSays(
        status,
        `${header}: Digest realm="lane", nonce="4711", qop="auth", algorithm=MD5\nContent-Length: 0\n\n`,
      ),
      request === 'INVITE' ? '<recv request="ACK"/>' : '',
      `<recv request="${request}"><action>
        ${header.startsWith('WWW') ? verified : shown}
      </action></recv>
      <nop hide="true" test="right" next="taken"/>`,
      sippSays('403 Forbidden'),
      request === 'INVITE' ? '<recv request="ACK" next="end"/>' : '<nop hide="true" next="end"/>',
      '<label id="taken"/>',
    ].join('\n');

  test.concurrent.each([
    ['WWW-Authenticate', '401 Unauthorized', 's3cret', 'answered'],
    ['Proxy-Authenticate', '407 Proxy Authentication Required', 's3cret', 'answered'],
    ['WWW-Authenticate', '401 Unauthorized', 'wrong', 'refused'],
  ])('%s, %s: the password "%s" is %s', async (header, status, password, kind) => {
    const passwordFile = join(folder, `${header}-${password}`);
    writeFileSync(passwordFile, `${password}\n`);
    const receiver = createRtpReceiver({ wavFile: join(folder, `${header}-${password}.wav`) });
    const phone = await startSipp(
      [
        demands(header, status, 'INVITE'),
        sippTakes(await receiver.start()),
        '<recv request="ACK"/><recv request="BYE"/>',
        sippSays('200 OK'),
        '<label id="end"/>',
      ].join('\n'),
    );
    const driver = driverAt(phone.port, { username: 'duty', passwordFile });
    const outcome = await driver.play(sound(), never);
    expect(outcome).toMatchObject({ kind });
    expect('reason' in outcome ? outcome.reason : 'mend username').toContain('mend username');
    expect(await phone.ended).toBe(0);
    await receiver.stop();
    const { lostPackets, packets } = receiver.statistics();
    expect({ lostPackets, packets }).toEqual({
      lostPackets: 0,
      packets: kind === 'answered' ? 100 : 0,
    });
    await phone.stop();
  });

  test.concurrent('is registered at with it, again before it runs out, and left at the end', async () => {
    const server = await startSipp(
      [
        demands('WWW-Authenticate', '401 Unauthorized', 'REGISTER'),
        sippSays('200 OK', 'Expires: 1\nContent-Length: 0\n\n'),
        '<recv request="REGISTER"/>',
        sippSays('200 OK', 'Expires: 600\nContent-Length: 0\n\n'),
        '<recv request="REGISTER"><action><ereg regexp="^ *0" search_in="hdr" header="Expires:" check_it="true" assign_to="gone"/></action></recv>',
        sippSays('200 OK'),
        '<label id="end"/><Reference variables="gone"/>',
      ].join('\n'),
    );
    const peer = {
      host: '127.0.0.1',
      port: server.port,
      uri: 'sip:duty@127.0.0.1',
      ownUser: 'duty',
      ownHost: '127.0.0.1',
      credentials: () => ({ username: 'duty', password: 's3cret' }),
      timing,
    };
    const settings = { expiresSeconds: 600, retryMs: 100, hasPassword: true };
    const registration = createSipRegistration(peer, settings);
    const startedAtMs = Date.now();
    registration.start();
    // The second registration comes after four fifths of the second that the server gave.
    await sleep(1300);
    expect(registration.failure()).toBeUndefined();
    await registration.stop();
    expect(await server.ended).toBe(0);
    expect(Date.now() - startedAtMs).toBeLessThan(10_000);
    await server.stop();
  });
});

/** Loses the first copy of every message in both directions. */
async function lossyRelay(devicePort: number) {
  const front = createSocket('udp4');
  const back = createSocket('udp4');
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  const seen = new Set<string>();
  const lost: string[] = [];
  let caller = 0;
  const isLost = (message: Buffer): boolean => {
    const text = message.toString();
    const name = text.startsWith('SIP/2.0') ? text.slice(8, 11) : (text.split(' ')[0] ?? '');
    const key = `${name} ${/CSeq: *(.*)\r/i.exec(text)?.[1]}`;
    if (seen.has(key)) return false;
    seen.add(key);
    lost.push(name);
    return true;
  };
  front.on('message', (message, from) => {
    caller = from.port;
    if (!isLost(message)) back.send(message, devicePort, '127.0.0.1');
  });
  back.on('message', (message) => {
    if (!isLost(message)) front.send(message, caller, '127.0.0.1');
  });
  return {
    port: front.address().port,
    lost: () => lost,
    stop: () => {
      front.close();
      back.close();
    },
  };
}
