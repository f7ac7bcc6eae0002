import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRtpReceiver } from '../../demo/rtp-receiver.ts';
import { matchEnvelopes } from '../../testing/audio-envelope.ts';
import { createRtpSender } from './rtp/rtp-sender.ts';
import { createRtpDriver } from './rtp-driver.ts';
import type { AnnouncementAudio } from './speaker.ts';
import type { RtpSpeakerConfig } from './speaker-config.ts';
import { readWav } from './voice/wav-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'rtp-driver-'));
const sender = createRtpSender(pino({ level: 'silent' }));
const sounds: Record<8000 | 16000, Pick<AnnouncementAudio, 'samples' | 'sampleRate'>> = {
  8000: { samples: new Int16Array(0), sampleRate: 8000 },
  16000: { samples: new Int16Array(0), sampleRate: 16000 },
};
const never = new AbortController().signal;

beforeAll(() => {
  for (const rate of [8000, 16000] as const) {
    // Tone bursts of growing length: an envelope that fits itself at one lag only.
    const bursts = `aevalsrc=exprs='0.5*sin(2*PI*700*t)*lt(mod(t*t*3\\,1)\\,0.5)':s=${rate}:d=1.5`;
    spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', bursts, wav(rate)]);
    sounds[rate] = { samples: readWav(readFileSync(wav(rate))).samples, sampleRate: rate };
  }
});

afterAll(async () => {
  await sender.stop();
  rmSync(folder, { recursive: true, force: true });
});

function wav(rate: number): string {
  return join(folder, `sent-${rate}.wav`);
}

function audio(rate: 8000 | 16000) {
  return { announcementId: 'a', ...sounds[rate] };
}

function config(port: number, changes: Partial<RtpSpeakerConfig> = {}): RtpSpeakerConfig {
  return {
    driver: 'rtp',
    speakerId: 'lane',
    name: 'Lane',
    address: '127.0.0.1',
    port,
    ...changes,
  };
}

describe('an RTP speaker', () => {
  test.concurrent.each([
    ['PCMU', { codec: 'pcmu' }, 0, 8000],
    ['PCMA', { codec: 'pcma' }, 8, 8000],
    ['G.722', { codec: 'g722' }, 9, 16000],
    [
      'PCMU in a multicast group',
      { address: '239.255.77.7', interfaceAddress: '127.0.0.1' },
      0,
      8000,
    ],
  ] as const)('hears in %s what was sent', async (name, changes, payloadType, rate) => {
    const wavFile = join(folder, `${name}.wav`);
    const group = 'address' in changes ? { multicastGroup: changes.address } : {};
    const receiver = createRtpReceiver({ wavFile, ...group });
    const driver = createRtpDriver(config(await receiver.start(), changes), sender);

    expect(await driver.probe()).toEqual({ kind: 'unproven' });
    expect(await driver.play(audio(rate), never)).toEqual({ kind: 'sent' });
    await receiver.stop();

    // 300 ms of silence and 1500 ms of sound in packets of 20 ms.
    const { packets, lostPackets, streams } = receiver.statistics();
    expect({ packets, lostPackets }).toEqual({ packets: 90, lostPackets: 0 });
    expect(streams).toMatchObject([{ payloadType, packetBytes: [172] }]);
    const match = await matchEnvelopes(wav(rate), wavFile);
    expect(match.correlation).toBeGreaterThanOrEqual(0.98);
    expect(match.lagMs).toBeGreaterThanOrEqual(290);
    expect(match.lagMs).toBeLessThanOrEqual(310);
  });

  test('is silent soon after an abort', async () => {
    const wavFile = join(folder, 'aborted.wav');
    const receiver = createRtpReceiver({ wavFile });
    const driver = createRtpDriver(config(await receiver.start()), sender);
    const abort = new AbortController();
    const played = driver.play(audio(8000), abort.signal);
    while (receiver.statistics().packets < 10) await pause(5);
    abort.abort();
    expect(await played).toEqual({ kind: 'stopped' });
    expect(driver.status()).toEqual({ kind: 'stopped' });
    const heard = receiver.statistics().packets;
    await pause(100);
    await receiver.stop();
    expect(receiver.statistics().packets - heard).toBeLessThanOrEqual(1);
    expect(heard).toBeLessThan(90);
  });

  test('that does not listen is unreachable, and the reason says where', async () => {
    const receiver = createRtpReceiver({ wavFile: join(folder, 'none.wav') });
    const port = await receiver.start();
    await receiver.stop();
    const outcome = await createRtpDriver(config(port), sender).play(audio(8000), never);
    expect(outcome).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining(`nothing listens at 127.0.0.1:${port}`),
    });
  });

  test.each([
    [
      'a network card that is not there',
      { interfaceAddress: '203.0.113.9' },
      'mend interfaceAddress',
    ],
    ['an address that may not be sent to', { address: '255.255.255.255' }, 'not allowed to send'],
  ])(
    'is unreachable over %s, for the probe and for the announcement',
    async (_case, changes, reason) => {
      const driver = createRtpDriver(config(16384, changes), sender);
      const unreachable = { kind: 'unreachable', reason: expect.stringContaining(reason) };
      expect(await driver.probe()).toMatchObject(unreachable);
      expect(await driver.play(audio(8000), never)).toMatchObject(unreachable);
    },
  );

  test.each(['pcmu', 'g722'] as const)(
    'speaks live in %s, and ends with the voice',
    async (codec) => {
      const wavFile = join(folder, `live-${codec}.wav`);
      const receiver = createRtpReceiver({ wavFile });
      const driver = createRtpDriver(config(await receiver.start(), { codec }), sender);
      const opened = await driver.openLive?.(never);
      if (opened?.ok !== true) throw new Error('it did not open');
      const { stream } = opened;
      const { samples, sampleRate } = sounds[stream.sampleRate];
      const piece = sampleRate / 50;
      // A microphone's even pieces, which come through a network unevenly: five at a time.
      for (let at = 0; at < samples.length; at += piece) {
        stream.write(samples.subarray(at, at + piece));
        if ((at / piece) % 5 === 4) await pause(100);
      }
      expect(await stream.close()).toEqual({ kind: 'sent' });
      await receiver.stop();
      const { packets, lostPackets } = receiver.statistics();
      expect(lostPackets).toBe(0);
      expect(packets).toBeGreaterThanOrEqual(70);
      const match = await matchEnvelopes(wav(sampleRate), wavFile);
      expect(match.correlation).toBeGreaterThanOrEqual(0.6);
      const heard = receiver.statistics().packets;
      stream.write(samples.subarray(0, piece));
      await pause(60);
      expect(receiver.statistics().packets).toBe(heard);
    },
  );

  test('ends live speech soon after an abort', async () => {
    const receiver = createRtpReceiver({ wavFile: join(folder, 'live-aborted.wav') });
    const driver = createRtpDriver(config(await receiver.start()), sender);
    const abort = new AbortController();
    const opened = await driver.openLive?.(abort.signal);
    if (opened?.ok !== true) throw new Error('it did not open');
    for (let piece = 0; piece < 5; piece += 1) opened.stream.write(new Int16Array(160));
    while (receiver.statistics().packets < 5) await pause(5);
    abort.abort();
    expect(await opened.stream.ended).toEqual({ kind: 'stopped' });
    await receiver.stop();
  });
});

test('twenty speakers of one sender start together and each hears everything', async () => {
  const receivers = Array.from({ length: 20 }, (_, index) =>
    createRtpReceiver({ wavFile: join(folder, `many-${index}.wav`) }),
  );
  const ports = await Promise.all(receivers.map((receiver) => receiver.start()));
  const outcomes = await Promise.all(
    ports.map((port) => createRtpDriver(config(port), sender).play(audio(8000), never)),
  );
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  expect(outcomes).toEqual(ports.map(() => ({ kind: 'sent' })));
  const heard = receivers.map((receiver) => receiver.statistics());
  expect(heard.map(({ packets, lostPackets }) => [packets, lostPackets])).toEqual(
    ports.map(() => [90, 0]),
  );
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
