import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matchEnvelopes } from '../../testing/audio-envelope.ts';
import { type HttpSpeaker, startHttpSpeaker } from '../../testing/http-speaker.ts';
import { createHttpDriver } from './http-driver.ts';
import type { AnnouncementAudio } from './speaker.ts';
import type { HttpSpeakerConfig } from './speaker-config.ts';
import { readWav } from './voice/wav-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'http-driver-'));
const sent = join(folder, 'sent.wav');
const never = new AbortController().signal;
const account = { username: 'duty', password: 's3cret' };
const channelsXml = `<?xml version="1.0"?><TwoWayAudioChannelList>
  <TwoWayAudioChannel version="2.0"><id>1</id><audioCompressionType>AAC</audioCompressionType></TwoWayAudioChannel>
  <TwoWayAudioChannel version="2.0"><id>2</id><audioCompressionType>G.711alaw</audioCompressionType></TwoWayAudioChannel>
</TwoWayAudioChannelList>`;
let sound: AnnouncementAudio;

beforeAll(() => {
  const bursts = `aevalsrc=exprs='0.5*sin(2*PI*700*t)*lt(mod(t*t*3\\,1)\\,0.5)':s=8000:d=1.5`;
  spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', bursts, sent]);
  sound = { announcementId: 'a', samples: readWav(readFileSync(sent)).samples, sampleRate: 8000 };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Device = HttpSpeakerConfig['device'];

function driverOf(url: string, device: Device, changes: Partial<HttpSpeakerConfig> = {}) {
  return createHttpDriver({
    ...{ driver: 'http', speakerId: 'horn', name: 'Horn', url, device, channel: 2 },
    ...account,
    ...changes,
  });
}

async function heardLike(heard: Buffer, format: 'mulaw' | 'alaw'): Promise<number> {
  const raw = join(folder, `heard-${Math.random()}.raw`);
  writeFileSync(raw, heard);
  spawnSync('ffmpeg', ['-v', 'error', '-f', format, '-ar', '8000', '-i', raw, `${raw}.wav`]);
  return (await matchEnvelopes(sent, `${raw}.wav`)).correlation;
}

const isapi = '/ISAPI/System/TwoWayAudio/channels';
const longBody = 'Content-Length: 9999999';
/** The maker, the law, the requests in their order, and what the one with the sound says of it. */
const devices: readonly (readonly [
  Device,
  'mulaw' | 'alaw',
  readonly string[],
  readonly string[],
])[] = [
  ['axis', 'mulaw', ['POST /axis-cgi/audio/transmit.cgi'], ['Content-Type: audio/basic', longBody]],
  [
    'hikvision',
    'alaw',
    [
      `GET ${isapi}`,
      `PUT ${isapi}/2/close`,
      `PUT ${isapi}/2/open`,
      `PUT ${isapi}/2/audioData`,
      `PUT ${isapi}/2/close`,
    ],
    ['Content-Type: application/octet-stream', 'Content-Length: 0'],
  ],
  [
    'dahua',
    'alaw',
    ['POST /cgi-bin/audio.cgi?action=postAudio&httptype=singlepart&channel=2'],
    ['Content-Type: Audio/G.711A', longBody],
  ],
];

describe.each(devices)('a speaker of %s', (device, law, requests, said) => {
  const withSpeaker = async (work: (speaker: HttpSpeaker) => Promise<void>): Promise<void> => {
    const speaker = await startHttpSpeaker(account, channelsXml);
    await work(speaker).finally(speaker.stop);
  };

  test.concurrent('hears what was sent, at the pace at which it is spoken', () =>
    withSpeaker(async (speaker) => {
      const driver = driverOf(speaker.url, device);
      expect(await driver.probe()).toEqual({ kind: 'ready' });
      const before = speaker.requests.length;
      const startedAtMs = performance.now();
      expect(await driver.play(sound, never)).toEqual({ kind: 'answered' });
      expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(1900);
      expect(speaker.requests.slice(before)).toEqual(requests);
      const head = (speaker.soundHeads[0] ?? '').toLowerCase().split('\r\n');
      expect(head).toEqual(expect.arrayContaining(said.map((line) => line.toLowerCase())));
      const [heard = Buffer.alloc(0)] = speaker.heard();
      expect(heard).toHaveLength(2000 * 8);
      expect(await heardLike(heard, law)).toBeGreaterThanOrEqual(0.98);
    }));

  test.concurrent('hears live speech until it ends', () =>
    withSpeaker(async (speaker) => {
      const opened = await driverOf(speaker.url, device).openLive?.(never);
      if (opened?.ok !== true) throw new Error('it did not open');
      for (let piece = 0; piece < 20; piece += 1) {
        opened.stream.write(sound.samples.subarray(piece * 160, piece * 160 + 160));
      }
      while ((speaker.heard()[0]?.length ?? 0) < 3200) await new Promise(setImmediate);
      expect(await opened.stream.close()).toEqual({ kind: 'answered' });
      opened.stream.write(sound.samples.subarray(0, 160));
      expect(speaker.heard()[0]).toHaveLength(3200);
    }));

  test.concurrent('says why it is silent', () =>
    withSpeaker(async (speaker) => {
      const outcomeOf = (changes: Partial<HttpSpeakerConfig> = {}) =>
        driverOf(speaker.url, device, changes).play(sound, never);
      expect(await outcomeOf({ password: 'wrong' })).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining('mend username and password'),
      });
      speaker.fault({ status: 503 });
      expect(await outcomeOf()).toMatchObject({ kind: 'busy' });
      speaker.fault({ status: 500 });
      expect(await outcomeOf()).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining('500'),
      });
      speaker.fault({ cutAfterBytes: 2000 });
      const cut = await outcomeOf();
      expect(['failed', 'unreachable']).toContain(cut.kind);
      await speaker.stop();
      const gone = { kind: 'unreachable', reason: expect.stringContaining('ECONNREFUSED') };
      expect(await outcomeOf()).toMatchObject(gone);
      expect(await driverOf(speaker.url, device).probe()).toMatchObject(gone);
    }));

  test.concurrent('is silent soon after an abort', () =>
    withSpeaker(async (speaker) => {
      const abort = new AbortController();
      const played = driverOf(speaker.url, device).play(sound, abort.signal);
      while ((speaker.heard()[0]?.length ?? 0) < 3000) await new Promise(setImmediate);
      abort.abort();
      expect(await played).toEqual({ kind: 'stopped' });
      expect(speaker.heard()[0]?.length).toBeLessThan(8000);
    }));
});

test('Axis sounds a clip that it holds itself, and takes the volume from its maker’s request', async () => {
  const speaker = await startHttpSpeaker(account);
  const path = '/axis-cgi/param.cgi?action=update&Volume={percent}';
  const driver = driverOf(speaker.url, 'axis', {
    clips: { leave: 4 },
    volume: { percent: 70, path },
  });
  expect(await driver.play({ ...sound, recording: 'leave' }, never)).toEqual({ kind: 'answered' });
  expect(speaker.requests).toEqual([
    'GET /axis-cgi/param.cgi?action=update&Volume=70',
    'GET /axis-cgi/mediaclip.cgi?action=play&clip=4',
  ]);
  expect(speaker.heard()).toEqual([]);
  await speaker.stop();
});

test('Hikvision names the setting that a channel without G.711 needs', async () => {
  const speaker = await startHttpSpeaker(account, channelsXml);
  const outcome = await driverOf(speaker.url, 'hikvision', { channel: 1 }).play(sound, never);
  expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('G.711ulaw') });
  await speaker.stop();
});
