/**
 * Watches one speaker: probes it on a schedule while it is silent, learns from every announcement, remembers over restarts
 * when it last proved itself, and tells when something about it has changed.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { because } from '../../contract/reason.ts';
import type { Store } from '../store/store.ts';
import type { Outcome, Probe, SpeakerDriver } from './speaker.ts';
import {
  afterHeard,
  afterResult,
  isOverdue,
  newHealth,
  type SpeakerHealth,
} from './speaker-health.ts';

export type SpeakerWatch = Readonly<{
  /** The driver, watched: use this one. */
  driver: SpeakerDriver;
  start: () => void;
  stop: () => Promise<void>;
  health: () => SpeakerHealth & Readonly<{ isOverdue: boolean }>;
  /** Somebody confirms that it was heard. */
  confirmHeard: () => Promise<void>;
}>;

export type SpeakerWatchSettings = Readonly<{
  speakerId: string;
  driver: SpeakerDriver;
  probeEveryMs: number;
  /** A speaker that speaks is not probed: some take one connection only. */
  isSpeaking: () => boolean;
  onChange: () => void;
  store: Pick<Store, 'setting' | 'changeSetting'>;
  logger: Logger;
  now: () => number;
}>;

/** The memory over restarts may be this old: a probe each minute shall not write each minute. */
const rememberEveryMs = 60 * 60 * 1000;

export function createSpeakerWatch(settings: SpeakerWatchSettings): SpeakerWatch {
  const { driver, onChange, logger, now } = settings;
  const stopping = new AbortController();
  const memory = createProofMemory(settings);
  let health = newHealth(now());
  let told = '';
  let running: Promise<void> | undefined;

  const change = (changed: SpeakerHealth): void => {
    // What is learnt after the stop finds the store closed.
    if (stopping.signal.aborted) return;
    health = changed;
    void memory.keep(health);
    const { state, reason } = health;
    const telling = JSON.stringify([state, reason, isOverdue(health, now())]);
    if (telling === told) return;
    told = telling;
    if (reason !== undefined)
      logger.warn({ speakerId: settings.speakerId, state, reason }, 'speaker is not well');
    onChange();
  };
  const learn = <Result extends Probe | Outcome>(result: Result): Result => {
    change(afterResult(health, result, now()));
    return result;
  };
  const probe = async (): Promise<Probe> => {
    try {
      return learn(await driver.probe(stopping.signal));
    } catch (error) {
      return learn({
        kind: 'unreachable',
        reason: because('probe-broke', { error: String(error) }),
      });
    }
  };
  const run = async (): Promise<void> => {
    const { knownSinceMs = health.knownSinceMs, ...proof } = await memory.recall();
    // An announcement may have proven it meanwhile.
    health = { ...proof, ...health, knownSinceMs };
    await probe();
    while (!stopping.signal.aborted) {
      // Not all at once.
      await pause(settings.probeEveryMs * (0.9 + Math.random() * 0.2), stopping.signal);
      if (!stopping.signal.aborted && !settings.isSpeaking()) await probe();
    }
  };

  return {
    driver: watched(driver, probe, learn),
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    health: () => ({ ...health, isOverdue: isOverdue(health, now()) }),
    confirmHeard: async () => {
      change(afterHeard(health, now()));
      await memory.keep(health, true);
    },
  };
}

function watched(
  driver: SpeakerDriver,
  probe: () => Promise<Probe>,
  learn: <Result extends Probe | Outcome>(result: Result) => Result,
): SpeakerDriver {
  const { openLive } = driver;
  return {
    ...driver,
    probe: () => probe(),
    play: async (...order) => learn(await driver.play(...order)),
    ...(openLive === undefined
      ? {}
      : {
          openLive: async (signal) => {
            const opened = await openLive(signal);
            if (opened.ok) void opened.stream.ended.then(learn);
            else learn(opened.refused);
            return opened;
          },
        }),
  };
}

type Proof = Pick<SpeakerHealth, 'knownSinceMs' | 'provenAtMs'>;

function createProofMemory({ speakerId, store, logger }: SpeakerWatchSettings) {
  const setting = `speaker-proof:${speakerId}`;
  let kept: Proof | undefined;
  const failed = (error: unknown): void =>
    logger.error({ speakerId, reason: String(error) }, 'proof of a speaker could not be kept');
  return {
    recall: async (): Promise<Partial<Proof>> => {
      const found = await store.setting(setting).catch(failed);
      if (typeof found !== 'string') return {};
      kept = JSON.parse(found) as Proof;
      return kept;
    },
    keep: async ({ knownSinceMs, provenAtMs }: SpeakerHealth, isUrgent = false): Promise<void> => {
      const isRecent = (provenAtMs ?? 0) - (kept?.provenAtMs ?? 0) < rememberEveryMs;
      if (!isUrgent && kept !== undefined && isRecent) return;
      kept = { knownSinceMs, ...(provenAtMs === undefined ? {} : { provenAtMs }) };
      await store.changeSetting(setting, JSON.stringify(kept)).catch(failed);
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
