import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRtpReceiver, type RtpReceiver } from '../../demo/rtp-receiver.ts';
import { startBaresip } from '../../testing/sip-speakers.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';
import type { SpeakerConfig } from './speaker-config.ts';
import { createSpeakers, type Speakers } from './speakers.ts';

const folder = mkdtempSync(join(tmpdir(), 'zone-'));
const recordingsFolder = join(folder, 'recordings');
let receivers: readonly RtpReceiver[];
let ports: readonly number[];
let speakers: Speakers | undefined;
let ends: string[];
let reasons: (string | undefined)[];

beforeAll(() => {
  mkdirSync(recordingsFolder);
  for (const [name, seconds] of [
    ['short', 1.2],
    ['long', 20],
  ] as const) {
    const source = `sine=f=600:d=${seconds}:r=8000`;
    const path = join(recordingsFolder, `${name}.wav`);
    spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, path]);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  ends = [];
  reasons = [];
  receivers = ['a', 'b', 'c'].map((name) =>
    createRtpReceiver({ wavFile: join(folder, `${name}.wav`) }),
  );
  ports = await Promise.all(receivers.map((receiver) => receiver.start()));
});
afterEach(async () => {
  await speakers?.stop();
  await Promise.all(receivers.map((receiver) => receiver.stop()));
});

function open(more: readonly SpeakerConfig[] = []): Speakers {
  const single = ports.map(
    (port, index): SpeakerConfig => ({
      ...{ driver: 'rtp', speakerId: `horn-${index}`, name: `Horn ${index}` },
      ...{ address: '127.0.0.1', port },
    }),
  );
  const members = [...single, ...more].map(({ speakerId }) => speakerId);
  const zone: SpeakerConfig = {
    driver: 'zone',
    speakerId: 'lane',
    name: 'Lane',
    speakerIds: members,
  };
  const claimed = new Set<string>();
  speakers = createSpeakers(
    {
      speakers: [...single, ...more, zone],
      recordingsFolder,
      cacheFolder: join(folder, 'cache'),
    },
    {
      store: {
        claimAnnouncement: async (id) => !claimed.has(id) && claimed.add(id) !== undefined,
        finishAnnouncement: async (id, state, reason) => {
          ends.push(`${id} ${state}`);
          reasons.push(reason);
        },
        queuedAnnouncements: async () => [],
        finishAbandoned: async () => undefined,
        tellSpeaker: async () => undefined,
        setting: async () => undefined,
        changeSetting: async () => undefined,
        keepCall: async () => undefined,
        forgetCall: async () => undefined,
        keptCalls: async () => [],
      },
      logger: pino({ level: 'silent' }),
      now: Date.now,
    },
  );
  return speakers;
}

function order(id: string, changes: Partial<AnnouncementOrder> = {}): AnnouncementOrder {
  return {
    ...{ announcementId: id, alarmId: id, speakerId: 'lane', severity: 'warning' },
    announcement: { kind: 'recording', name: 'short' },
    ...{ orderedAtMs: Date.now(), expiresAtMs: Date.now() + 30_000 },
    ...changes,
  };
}

const until = (reached: () => boolean) =>
  vi.waitFor(() => expect(reached()).toBe(true), { timeout: 20_000, interval: 5 });
const long = { kind: 'recording', name: 'long' } as const;
const streamsOf = () => receivers.map((receiver) => receiver.statistics().streams.length);

describe('a zone', () => {
  test('speaks on all its speakers in step, called phones among them, and ends once', async () => {
    const phone = await startBaresip();
    const opened = open([
      {
        ...{ driver: 'sip', speakerId: 'phone', name: 'Phone', address: '127.0.0.1' },
        ...{ port: phone.port, user: 'horn' },
      },
    ]);
    opened.announce(order('a'));
    await until(() => ends.length === 1);
    expect(ends).toEqual(['a sent']);
    expect(reasons).toEqual([undefined]);
    const starts = receivers.map((one) => one.statistics().streams[0]?.firstPacketAtMs ?? 0);
    expect(streamsOf()).toEqual([1, 1, 1]);
    // The figure of the bench is a few milliseconds; a busy machine shall not make this red.
    expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(500);
    expect(phone.heard()).toHaveLength(1);
    await phone.stop();
  });

  test('goes on without a speaker that says something else, and names it', async () => {
    const opened = open();
    opened.announce(order('other', { speakerId: 'horn-1', announcement: long }));
    await until(() => receivers[1]?.statistics().streams.length === 1);
    opened.announce(order('a'));
    await until(() => ends.length === 1);
    expect(ends).toEqual(['a sent']);
    expect(reasons[0]).toBe('1 of 3 speakers did not say it: Horn 1: it was saying something else');
    expect(streamsOf()).toEqual([1, 1, 1]);
  });

  test('cuts short what is less urgent on every speaker', async () => {
    const opened = open();
    opened.announce(order('other', { speakerId: 'horn-1', announcement: long }));
    await until(() => receivers[1]?.statistics().streams.length === 1);
    opened.announce(order('a', { severity: 'emergency' }));
    await until(() => ends.length === 2);
    expect(ends).toEqual(['other failed', 'a sent']);
    expect(streamsOf()).toEqual([1, 2, 1]);
  });

  test('is stopped everywhere at the operator’s word', async () => {
    const opened = open();
    opened.announce(order('a', { announcement: long }));
    await until(() => streamsOf().every((count) => count === 1));
    expect(opened.cancel('a')).toBe(true);
    await until(() => ends.length === 1);
    expect(ends).toEqual(['a failed']);
    expect(reasons[0]).toContain('stopped by the operator');
  });
});
