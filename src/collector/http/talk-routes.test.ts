/** Two operators with WebSockets, a real SIP phone and a paging speaker: who speaks is heard, alone or on a zone; others are told. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type TalkAnswer, talkNumberBytes } from '../../contract/talk.ts';
import { createRtpReceiver, type RtpReceiver } from '../../demo/rtp-receiver.ts';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { type SipPhone, startBaresip } from '../../testing/sip-speakers.ts';
import { threeTones, toneSeconds, tonesIn, writeThreeTones } from '../../testing/tones.ts';
import { createSpeakers, type Speakers } from '../speakers/speakers.ts';
import { readWav } from '../speakers/voice/wav-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'talk-routes-'));
const zone = { speakerId: 'both', speakerIds: ['horn-north', 'horn-south'] };
const patient = { timeout: 20_000, interval: 20 };
let phone: SipPhone;
let horn: RtpReceiver;
let speakers: Speakers;
let centre: Centre;

beforeAll(async () => {
  for (const rate of [8000, 16000]) writeThreeTones(said(rate), rate);
  phone = await startBaresip();
  horn = createRtpReceiver({ wavFile: join(folder, 'horn.wav') });
  const port = await horn.start();
  const address = '127.0.0.1';
  centre = await openCentre({
    zones: [zone],
    dependencies: (_folder, store) => {
      speakers = createSpeakers(
        {
          speakers: [
            {
              ...{ driver: 'sip', speakerId: 'horn-north', name: 'Phone' },
              ...{ address, port: phone.port, user: 'horn' },
            } as const,
            { driver: 'rtp', speakerId: 'horn-south', name: 'Horn', address, port } as const,
            { driver: 'zone', name: 'Both', ...zone, speakerIds: [...zone.speakerIds] },
          ],
          cacheFolder: join(folder, 'cache'),
          talk: { recordingsFolder: join(folder, 'talks') },
        },
        { store, logger: pino({ level: 'silent' }), now: Date.now },
      );
      return { speakers };
    },
  });
  await speakers.start();
}, 60_000);

afterAll(async () => {
  await centre?.close();
  await speakers?.stop();
  await horn?.stop();
  await phone?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function said(rate: number): string {
  return join(folder, `said-${rate}.wav`);
}

const cookies = new Map<string, string>();

/** An operator who holds the key. */
async function hold(username: string, path: string) {
  const cookie = cookies.get(username) ?? (await signedIn(username));
  cookies.set(username, cookie);
  const socket = new WebSocket(centre.address.replace('http', 'ws') + path, {
    headers: { cookie, origin: centre.address },
  });
  const answers: TalkAnswer[] = [];
  socket.on('message', (data) => answers.push(JSON.parse(String(data)) as TalkAnswer));
  socket.on('error', () => undefined);
  const answered = async (kind: TalkAnswer['kind']): Promise<TalkAnswer> => {
    await vi.waitFor(() => expect(answers.map((one) => one.kind)).toContain(kind), patient);
    return answers.find((one) => one.kind === kind) ?? { kind: 'refused', reason: '' };
  };
  return { socket, answered, first: () => vi.waitUntil(() => answers[0], patient), cookie };
}

const signedIn = async (username: string): Promise<string> =>
  centre.cookieOf(await centre.addUser('operator', { kind: 'all' }, username));

/**
 * As a microphone does, 20 ms at a time. What a busy machine holds up is not made up for: it would come all at once, and the
 * speakers drop what comes late. So it is a hole in the sound, and nothing of the sound is lost.
 */
async function speak(socket: WebSocket, rate: 8000 | 16000): Promise<void> {
  const { samples } = readWav(readFileSync(said(rate)));
  const piece = rate / 50;
  for (let number = 0; (number + 1) * piece <= samples.length; number += 1) {
    const message = Buffer.alloc(talkNumberBytes + piece * 2);
    message.writeUInt32LE(number, 0);
    for (let at = 0; at < piece; at += 1)
      message.writeInt16LE(samples[number * piece + at] ?? 0, talkNumberBytes + at * 2);
    socket.send(message);
    await sleep(20);
  }
}

/** The phone writes the end of its recording after the call. */
const phoneHeard = () =>
  vi.waitFor(
    async () => expect(await tonesIn(phone.heard().at(-1) ?? '')).toEqual(threeTones),
    patient,
  );

const nobodySpeaks = () => vi.waitFor(() => expect(speakers.talks.holders()).toEqual([]), patient);

test('a SIP phone plays what the microphone sent; others see who speaks; released means silent', async () => {
  const li = await hold('li', '/api/cameras/cam-north/talk');
  expect(await li.answered('ready')).toMatchObject({ speakerId: 'horn-north', sampleRate: 8000 });
  const wang = await hold('wang', '/api/cameras/cam-north/talk');
  expect(await wang.first()).toEqual({ kind: 'busy', by: 'li' });
  const seen = await centre.ask('GET', '/api/talks', { cookie: wang.cookie });
  expect(await seen.json()).toEqual([
    { speakerId: 'horn-north', by: 'li', sinceMs: expect.any(Number) },
  ]);

  await speak(li.socket, 8000);
  li.socket.send('release');
  expect(await li.answered('ended')).toEqual({ kind: 'ended', seconds: toneSeconds });
  await nobodySpeaks();
  await phoneHeard();

  const [row] = await centre.store.auditRows({ action: 'talked-to-lane', limit: 1 });
  expect(row).toMatchObject({ actor: 'li', cameraId: 'cam-north', outcome: 'done' });
  const { wavPath = '', ...detail } = JSON.parse(row?.detail ?? '{}') as { wavPath?: string };
  expect(detail).toEqual({ speakerId: 'horn-north', seconds: toneSeconds });
  expect(readWav(readFileSync(wavPath)).samples).toEqual(readWav(readFileSync(said(8000))).samples);
});

test('one voice is heard on every speaker of a zone, which holds them all, and nothing after the release', async () => {
  const before = horn.statistics().packets;
  const calls = phone.heard().length;
  const li = await hold('li', '/api/speakers/both/talk');
  expect(await li.answered('ready')).toEqual({
    ...{ kind: 'ready', speakerId: 'both', sampleRate: 16000 },
  });
  for (const path of ['/api/cameras/cam-south/talk', '/api/speakers/both/talk']) {
    const wang = await hold('wang', path);
    expect(await wang.first()).toEqual({ kind: 'busy', by: 'li' });
  }
  await speak(li.socket, 16000);
  li.socket.send('release');
  expect(await li.answered('ended')).toEqual({ kind: 'ended', seconds: toneSeconds });
  await nobodySpeaks();
  const { packets } = horn.statistics();
  await sleep(300);
  expect(horn.statistics().packets).toBe(packets);
  expect(packets - before).toBeGreaterThan(80);

  expect(horn.statistics().lostPackets).toBe(0);
  expect(phone.heard()).toHaveLength(calls + 1);
  await phoneHeard();
});

test('a console that is cut off with the key down leaves the lane silent, and the register says so', async () => {
  const li = await hold('li', '/api/cameras/cam-south/talk');
  const ready = await li.answered('ready');
  await speak(li.socket, ready.kind === 'ready' && ready.sampleRate === 16000 ? 16000 : 8000);
  // Nothing comes any more, and nobody closes: as when a cable is pulled.
  li.socket.pause();
  await nobodySpeaks();
  const { packets } = horn.statistics();
  await sleep(300);
  expect(horn.statistics().packets).toBe(packets);
  await vi.waitFor(async () => {
    const [row] = await centre.store.auditRows({ action: 'talked-to-lane', limit: 1 });
    expect(row).toMatchObject({ actor: 'li', cameraId: 'cam-south', outcome: 'done' });
    expect(row?.detail).toContain('the console fell silent');
  }, patient);
  li.socket.terminate();
});

test('a zone speaks through those that are there and names the others, and leaves alone whom somebody else speaks to', async () => {
  const wang = await hold('wang', '/api/cameras/cam-south/talk');
  await wang.answered('ready');
  const li = await hold('li', '/api/speakers/both/talk');
  expect(await li.answered('ready')).toMatchObject({ missing: ['Horn'] });
  const holders = speakers.talks.holders().map(({ speakerId, by }) => `${speakerId} ${by}`);
  expect(holders.sort()).toEqual(['both li', 'horn-north li', 'horn-south wang']);
  wang.socket.close();
  li.socket.send('release');
  expect(await li.answered('ended')).toMatchObject({
    reason: expect.stringContaining('Horn: somebody speaks through this speaker already'),
  });
  await nobodySpeaks();
});

test('a zone is for those who reach all of its speakers', async () => {
  const scope = { kind: 'some' as const, grids: ['north'], cameras: [] };
  const cookie = await centre.cookieOf(await centre.addUser('operator', scope, 'zhao'));
  const listed = await centre.ask('GET', '/api/speakers', { cookie });
  const names = ((await listed.json()) as { speakerId: string }[]).map((one) => one.speakerId);
  expect(names).toEqual(['horn-north']);
  expect((await centre.ask('POST', '/api/speakers/both/silence', { cookie })).status).toBe(404);
});
