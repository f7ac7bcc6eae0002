import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SpeakerView } from '../../contract/console-api.ts';
import type { Announcement } from '../../contract/rule-response.ts';
import { createRtpReceiver, type RtpReceiver } from '../../demo/rtp-receiver.ts';
import { matchEnvelopes } from '../../testing/audio-envelope.ts';
import { childrenOf } from '../../testing/processes.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';
import { createSpeakers, type Speakers } from './speakers.ts';

/** Kept over the tests: what is prepared once is fast. */
const folder = mkdtempSync(join(tmpdir(), 'speakers-'));
const recordingsFolder = join(folder, 'recordings');
const long: Announcement = { kind: 'recording', name: 'long' };
const short: Announcement = { kind: 'recording', name: 'short' };

let receiver: RtpReceiver;
let wavFile: string;
let speakers: Speakers;
let memory: ReturnType<typeof announcementMemory>;
let nowMs: number;
/** The announcements that told that they began, with how many had ended by then. */
let begun: string[];

beforeAll(() => {
  mkdirSync(recordingsFolder);
  for (const [name, seconds] of [
    ['long', 30],
    ['short', 1.2],
  ] as const) {
    const source = `aevalsrc=exprs='0.5*sin(2*PI*700*t)*lt(mod(t*t*3\\,1)\\,0.5)':s=8000:d=${seconds}`;
    const path = join(recordingsFolder, `${name}.wav`);
    spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, path]);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  nowMs = 1_000_000;
  begun = [];
  memory = announcementMemory();
  wavFile = join(mkdtempSync(join(folder, 'heard-')), 'speaker.wav');
  receiver = createRtpReceiver({ wavFile });
  const port = await receiver.start();
  speakers = createSpeakers(
    {
      speakers: [
        { driver: 'rtp', speakerId: 'lane', name: '七号巷', address: '127.0.0.1', port },
        { driver: 'file', speakerId: 'folder', name: 'Folder', folder: join(folder, 'spoken') },
      ],
      recordingsFolder,
      cacheFolder: join(folder, 'cache'),
    },
    {
      store: memory,
      onBegun: ({ announcementId }) => begun.push(`${announcementId} ${memory.ends.length}`),
      logger: pino({ level: 'silent' }),
      now: () => nowMs,
    },
  );
});

afterEach(async () => {
  await speakers.stop();
  await receiver.stop();
});

/** The store's part: a claim is given once, the ends are kept. */
function announcementMemory() {
  const claimed = new Set<string>();
  const ends: string[] = [];
  const reasons = new Map<string, string | undefined>();
  const queued: AnnouncementOrder[] = [];
  const told: string[] = [];
  const settings = new Map<string, string>();
  return {
    told,
    settings,
    claimed,
    ends,
    reasons,
    queued,
    claimAnnouncement: async (id: string) => !claimed.has(id) && claimed.add(id) !== undefined,
    finishAnnouncement: async (id: string, state: string, reason: string | undefined) => {
      ends.push(`${id} ${state}`);
      reasons.set(id, reason);
    },
    queuedAnnouncements: async () => queued,
    finishAbandoned: async () => undefined,
    tellSpeaker: async ({ speakerId, state }: SpeakerView) => {
      told.push(`${speakerId} ${state}`);
    },
    setting: async (name: string) => settings.get(name),
    changeSetting: async (name: string, value: string | undefined) => {
      if (value !== undefined) settings.set(name, value);
    },
    keepCall: async () => undefined,
    forgetCall: async () => undefined,
    keptCalls: async () => [],
  };
}

function order(
  announcementId: string,
  announcement: Announcement,
  changes: Partial<AnnouncementOrder> = {},
): AnnouncementOrder {
  return {
    announcementId,
    alarmId: 'alarm',
    speakerId: 'lane',
    announcement,
    severity: 'warning',
    orderedAtMs: nowMs,
    expiresAtMs: nowMs + 60_000,
    ...changes,
  };
}

async function until(reached: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(reached()).toBe(true), { timeout: 20_000, interval: 5 });
}

const speaking = (): boolean => receiver.statistics().packets > 5;
const ended = (count: number) => (): boolean => memory.ends.length >= count;

describe('the speakers', () => {
  test('tell of an announcement as it begins, and of none that is not said', async () => {
    await speakers.start();
    speakers.announce(order('too-late', short, { expiresAtMs: nowMs - 1 }));
    await until(ended(1));
    memory.claimed.add('said-by-another');
    speakers.announce(order('said-by-another', short));
    speakers.announce(order('said', short));
    await until(ended(2));
    expect(begun).toEqual(['said 1']);
  });

  test('speak a text, and what the lane hears is what was prepared', async () => {
    await speakers.start();
    const text: Announcement = { kind: 'speech', text: '请立即离开', language: 'zh-CN' };
    const before = new Set(readdirSync(join(folder, 'cache')));
    speakers.announce(order('a', text));
    await until(ended(1));
    await receiver.stop();
    expect(memory.ends).toEqual(['a sent']);
    expect(receiver.statistics()).toMatchObject({
      lostPackets: 0,
      streams: [{ packetBytes: [172] }],
    });
    const prepared = readdirSync(join(folder, 'cache')).find((name) => !before.has(name)) ?? '';
    const match = await matchEnvelopes(join(folder, 'cache', prepared), wavFile);
    expect(match.correlation).toBeGreaterThanOrEqual(0.98);
  });

  test('speak two orders one after the other', async () => {
    speakers.announce(order('a', short));
    speakers.announce(order('b', short));
    await until(ended(2));
    expect(memory.ends).toEqual(['a sent', 'b sent']);
    const { streams, lostPackets } = receiver.statistics();
    expect(lostPackets).toBe(0);
    expect(streams.map(({ packets }) => packets)).toEqual([75, 75]);
    expect(streams[1]?.firstPacketAtMs).toBeGreaterThanOrEqual(
      streams[0]?.lastPacketAtMs ?? Infinity,
    );
  });

  test('let an emergency cut a warning short, and say so', async () => {
    speakers.announce(order('warning', long));
    await until(speaking);
    speakers.announce(order('emergency', short, { severity: 'emergency' }));
    await until(ended(2));
    expect(memory.ends).toEqual(['warning failed', 'emergency sent']);
    expect(memory.reasons.get('warning')).toBe('cut short by a more urgent announcement');
    expect(receiver.statistics().streams[1]).toMatchObject({ packets: 75, lostPackets: 0 });
  });

  test('never speak an order whose time has passed, also when it passed while waiting', async () => {
    speakers.announce(order('speaking', short));
    speakers.announce(order('waiting', short, { expiresAtMs: nowMs + 500 }));
    await until(speaking);
    nowMs += 500;
    await until(ended(2));
    expect(memory.ends).toEqual(['speaking sent', 'waiting expired']);
    expect(receiver.statistics().streams).toHaveLength(1);
  });

  test('are silent about an order that was claimed before', async () => {
    memory.claimed.add('claimed');
    speakers.announce(order('claimed', short));
    speakers.announce(order('next', short));
    await until(ended(1));
    expect(memory.ends).toEqual(['next sent']);
    expect(receiver.statistics().streams).toHaveLength(1);
  });

  test('speak an order once that comes twice', async () => {
    memory.queued.push(order('twice', short));
    speakers.announce(order('twice', short));
    await speakers.start();
    speakers.announce(order('last', short));
    await until(ended(2));
    expect(memory.ends).toEqual(['twice sent', 'last sent']);
  });

  test('take up what a crash left queued, and let the stale expire', async () => {
    memory.queued.push(order('stale', short, { expiresAtMs: nowMs }), order('fresh', short));
    await speakers.start();
    await until(ended(2));
    expect(memory.ends).toEqual(['stale expired', 'fresh sent']);
    expect(receiver.statistics().streams).toHaveLength(1);
  });

  test('write into a folder at the same time as another speaker speaks', async () => {
    speakers.announce(order('lane', long));
    await until(speaking);
    speakers.announce(order('folder', short, { speakerId: 'folder' }));
    await until(ended(1));
    expect(memory.ends).toEqual(['folder played']);
    expect(
      readdirSync(join(folder, 'spoken')).filter((name) => name.includes('_folder.')),
    ).toHaveLength(1);
  });

  test.each([
    ['an unknown speaker', { speakerId: 'nowhere' }, 'no speaker "nowhere" is configured'],
    [
      'a missing recording',
      { announcement: { kind: 'recording', name: 'nowhere' } as const },
      'there is no recording "nowhere"',
    ],
  ])('store the reason of a failure: %s', async (_case, changes, reason) => {
    speakers.announce(order('a', short, changes));
    await until(ended(1));
    expect(memory.ends).toEqual(['a failed']);
    expect(memory.reasons.get('a')).toContain(reason);
  });

  test('tell the operator that nothing listens', async () => {
    await receiver.stop();
    speakers.announce(order('a', long));
    await until(ended(1));
    expect(memory.ends).toEqual(['a unreachable']);
    expect(memory.reasons.get('a')).toContain('nothing listens');
  });

  test('go on with the next order when the store fails once', async () => {
    const { claimAnnouncement } = memory;
    let failures = 1;
    memory.claimAnnouncement = async (id) => {
      if (failures-- > 0) throw new Error('the disk is full');
      return claimAnnouncement(id);
    };
    speakers.announce(order('lost', short));
    speakers.announce(order('next', short));
    await until(ended(1));
    expect(memory.ends).toEqual(['next sent']);
    expect(receiver.statistics().streams).toHaveLength(1);
  });

  test('are silent after their stop: no packet, no child, what waits stays queued', async () => {
    speakers.announce(order('cut', long));
    speakers.announce(order('waiting', long));
    await until(speaking);
    void speakers.warm([{ kind: 'speech', text: '还没有说的话', language: 'zh-CN' }]);
    await speakers.stop();
    const heard = receiver.statistics().packets;
    expect(memory.ends).toEqual(['cut failed']);
    expect(memory.reasons.get('cut')).toContain('stopped');
    expect(memory.claimed).toEqual(new Set(['cut']));
    expect(
      childrenOf(process.pid).filter(({ commandLine }) => /ffmpeg|espeak/.test(commandLine)),
    ).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(receiver.statistics().packets - heard).toBeLessThanOrEqual(1);
  });

  test('let an operator speak before everything, one at a time, and then go on', async () => {
    speakers.announce(order('cut', long, { severity: 'emergency' }));
    await until(speaking);
    const opened = await speakers.openLive('lane', new AbortController().signal);
    if (!opened.ok) throw new Error(opened.refused.reason);
    expect(memory.reasons.get('cut')).toBe('cut short by a more urgent announcement');
    expect(await speakers.openLive('lane', new AbortController().signal)).toMatchObject({
      refused: { kind: 'busy' },
    });
    speakers.announce(order('waits', short, { severity: 'emergency' }));
    for (let piece = 0; piece < 10; piece += 1) opened.stream.write(new Int16Array(160).fill(9000));
    await until(() => (receiver.statistics().streams[1]?.packets ?? 0) >= 10);
    expect(memory.ends).toEqual(['cut failed']);
    expect(await opened.stream.close()).toEqual({ kind: 'sent' });
    await until(ended(2));
    expect(memory.ends).toEqual(['cut failed', 'waits sent']);
  });

  test.each(['folder', 'nowhere'])('refuse live speech through the speaker "%s"', async (id) => {
    expect(await speakers.openLive(id, new AbortController().signal)).toMatchObject({
      ok: false,
      refused: { kind: 'refused' },
    });
  });

  test('stop at the operator’s word: one announcement, or all of a speaker', async () => {
    speakers.announce(order('speaking', long));
    speakers.announce(order('waiting', long));
    speakers.announce(order('later', long));
    await until(speaking);
    expect(speakers.cancel('waiting')).toBe(true);
    await until(ended(1));
    expect(speakers.silence('lane')).toBe(true);
    await until(ended(3));
    expect([...memory.ends].sort()).toEqual(['later failed', 'speaking failed', 'waiting failed']);
    expect(new Set(memory.reasons.values())).toEqual(new Set(['stopped by the operator']));
    expect(speakers.cancel('speaking')).toBe(false);
    expect(receiver.statistics().streams).toHaveLength(1);
  });

  test('sound a tone on demand', async () => {
    expect(await speakers.soundTone('lane')).toEqual({ state: 'sent' });
    expect(receiver.statistics().streams).toMatchObject([{ packets: 75, lostPackets: 0 }]);
    expect(await speakers.soundTone('nowhere')).toBeUndefined();
    expect(memory.claimed.size).toBe(0);
  });

  test('are shown with their states, which are told as they change', async () => {
    await speakers.start();
    await until(() => memory.told.length >= 2);
    expect(speakers.views()).toMatchObject([
      { speakerId: 'lane', name: '七号巷', driver: 'rtp', state: 'unproven', takesLive: true },
      { speakerId: 'folder', name: 'Folder', driver: 'file', state: 'ready', takesLive: false },
    ]);
    expect([...memory.told].sort()).toEqual(['folder ready', 'lane unproven']);
    await receiver.stop();
    speakers.announce(order('a', short));
    await until(ended(1));
    await until(() => memory.told.length === 3);
    expect(memory.told[2]).toBe('lane unreachable');
    expect(speakers.views()[0]?.reason).toContain('nothing listens');
  });
});
