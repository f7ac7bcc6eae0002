/** An HTTP speaker that takes the connection and then reads nothing: nobody's voice queues up for it, and the operator is told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { type HttpSpeaker, startHttpSpeaker } from '../../testing/http-speaker.ts';
import { createAxisDevice } from './http/axis.ts';
import { createHikvisionDevice } from './http/hikvision.ts';
import { createHttpDriver } from './http-driver.ts';
import { encodeG711 } from './rtp/g711.ts';
import type { LiveStream } from './speaker.ts';

const account = { username: 'duty', password: 's3cret' };
const patient = { timeout: 20_000, interval: 20 };
const never = new AbortController().signal;
const channelsXml =
  '<TwoWayAudioChannel><id>1</id><audioCompressionType>G.711alaw</audioCompressionType></TwoWayAudioChannel>';
const piece = (loudness: number): Int16Array => new Int16Array(160).fill(loudness);
const takesNoSound = {
  kind: 'failed',
  reason: expect.stringContaining('takes the connection but not the sound'),
};
const manyPieces = 20_000;
const heardBytes = (speaker: HttpSpeaker): number => speaker.heard()[0]?.length ?? 0;

/** Much faster than anybody speaks, so that the speaker's own receive buffer, a quarter of a minute, is full soon. */
async function speakOn(stream: LiveStream, isOver: () => boolean): Promise<number> {
  let pieces = 0;
  for (; !isOver(); pieces += 16) {
    for (let one = 0; one < 16; one += 1) stream.write(piece(8000));
    await sleep(5);
  }
  return pieces * 160;
}

describe.each(['axis', 'hikvision'] as const)('a stalled speaker of %s', (device) => {
  const withStalled = async (work: (speaker: HttpSpeaker) => Promise<void>): Promise<void> => {
    const speaker = await startHttpSpeaker(account, channelsXml);
    speaker.fault({ stalls: true });
    await work(speaker).finally(speaker.stop);
  };
  const liveOn = async ({ url }: HttpSpeaker) => {
    const identity = { driver: 'http', speakerId: 'horn', name: 'Horn' } as const;
    const driver = createHttpDriver({ ...identity, url, device, ...account });
    const live = await driver.openLive?.(never);
    if (live?.ok !== true) throw new Error('it did not open');
    return { driver, stream: live.stream };
  };

  test.concurrent('is given up, and does not hear later what was said meanwhile', () =>
    withStalled(async (speaker) => {
      const { driver, stream } = await liveOn(speaker);
      let end: unknown;
      void stream.ended.then((outcome) => {
        end = outcome;
      });
      const saidBytes = await speakOn(stream, () => end !== undefined);
      expect(end).toEqual(takesNoSound);
      expect(driver.status()).toEqual(takesNoSound);
      speaker.readOn();
      await sleep(100);
      expect(heardBytes(speaker)).toBeLessThan(saidBytes / 2);
    }));

  test.concurrent('that reads on in time hears what is said then', () =>
    withStalled(async (speaker) => {
      const { stream } = await liveOn(speaker);
      // More than the speaker's receive buffer ever takes, which differs from time to time.
      for (let one = 0; one < manyPieces; one += 1) stream.write(piece(8000));
      for (let one = 0; one < 50; one += 1) {
        stream.write(piece(8000));
        await sleep(30);
      }
      speaker.readOn();
      await vi.waitFor(
        () => expect(heardBytes(speaker)).toBeGreaterThanOrEqual(manyPieces * 160),
        patient,
      );
      await sleep(600);
      const lateBytes = heardBytes(speaker);
      expect(lateBytes).toBeLessThan((manyPieces + 50) * 160);
      stream.write(piece(-8000));
      await vi.waitFor(() => expect(heardBytes(speaker)).toBe(lateBytes + 160), patient);
      const law = device === 'axis' ? 'pcmu' : 'pcma';
      expect(speaker.heard()[0]?.at(-1)).toBe(encodeG711(Int16Array.of(-8000), law)[0]);
      expect(await stream.close()).toEqual({ kind: 'answered' });
    }));

  test.concurrent('has not said a sound whose end it did not take', () =>
    withStalled(async ({ url, readOn }) => {
      const peer = { url, timeoutMs: 4000, credentials: () => account };
      const made = device === 'axis' ? createAxisDevice(peer, {}) : createHikvisionDevice(peer, 1);
      const opened = await made.openTalk();
      if (!opened.ok) throw new Error(opened.refused.reason);
      opened.talk.write(Buffer.alloc(5_000_000));
      await sleep(100);
      expect(await opened.talk.finish()).toEqual(takesNoSound);
      readOn();
    }));
});
