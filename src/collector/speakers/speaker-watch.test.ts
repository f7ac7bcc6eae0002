import { pino } from 'pino';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Outcome, Probe, SpeakerDriver } from './speaker.ts';
import { createSpeakerWatch, type SpeakerWatch } from './speaker-watch.ts';

const hourMs = 60 * 60 * 1000;
let watch: SpeakerWatch | undefined;
afterEach(() => watch?.stop());

/** A watch over a driver that answers what the test says, with a memory that outlives it. */
function watched(settings: Map<string, string> = new Map()) {
  const at = {
    probe: { kind: 'unproven' } as Probe,
    nowMs: 1000,
    speaking: false,
    probes: 0,
    changes: 0,
  };
  let last: Probe | Outcome | undefined;
  const driver: SpeakerDriver = {
    sampleRate: 8000,
    probe: async () => {
      at.probes += 1;
      last = at.probe;
      return at.probe;
    },
    play: async () => ({ kind: 'answered' }),
    status: () => last,
    stop: async () => undefined,
  };
  const created = createSpeakerWatch({
    speakerId: 'horn',
    driver,
    probeEveryMs: 5,
    isSpeaking: () => at.speaking,
    onChange: () => {
      at.changes += 1;
    },
    store: {
      setting: async (name) => settings.get(name),
      changeSetting: async (name, value) => void settings.set(name, value ?? ''),
    },
    logger: pino({ level: 'silent' }),
    now: () => at.nowMs,
  });
  watch = created;
  return { at, settings, watch: created };
}

const until = (reached: () => boolean) =>
  vi.waitFor(() => expect(reached()).toBe(true), { timeout: 10_000, interval: 2 });

describe('the watch over a speaker', () => {
  test('probes it again and again, but not while it speaks, and tells changes only', async () => {
    const { at, watch } = watched();
    watch.start();
    await until(() => at.probes >= 3);
    expect(at.changes).toBe(1);
    at.probe = { kind: 'unreachable', reason: 'no power' };
    await until(() => at.changes === 2);
    expect(watch.health()).toMatchObject({ state: 'unreachable', reason: 'no power' });
    at.speaking = true;
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = at.probes;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(at.probes).toBe(before);
  });

  test('learns from an announcement', async () => {
    const { at, watch } = watched();
    const audio = { announcementId: 'a', samples: new Int16Array(0), sampleRate: 8000 } as const;
    await watch.driver.play(audio, new AbortController().signal);
    expect(watch.health()).toMatchObject({ state: 'ready', provenAtMs: 1000 });
    expect(at.changes).toBe(1);
  });

  test('flags what has not proven itself for a day, also over a restart, until somebody heard it', async () => {
    const settings = new Map<string, string>();
    const first = watched(settings);
    first.watch.start();
    await until(() => settings.size === 1);
    await first.watch.stop();

    const second = watched(settings);
    second.at.nowMs = 1000 + 25 * hourMs;
    second.watch.start();
    await until(() => second.watch.health().isOverdue);
    await second.watch.confirmHeard();
    expect(second.watch.health().isOverdue).toBe(false);
    await second.watch.stop();

    const third = watched(settings);
    third.at.nowMs = 1000 + 48 * hourMs;
    third.watch.start();
    await until(() => third.watch.health().provenAtMs !== undefined);
    expect(third.watch.health().isOverdue).toBe(false);
  });
});
