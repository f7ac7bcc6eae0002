/**
 * Speakers and cameras with a speaker that are spoken to by HTTP: the maker's own requests stand in http/, one file a
 * maker. The sound is handed over at the pace at which it is heard, because the devices buffer little.
 */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { because } from '../../contract/reason.ts';
import { createAxisDevice } from './http/axis.ts';
import { createDahuaDevice } from './http/dahua.ts';
import { askDevice, type HttpPeer } from './http/device-request.ts';
import { createHikvisionDevice } from './http/hikvision.ts';
import type { HttpDevice, Talk } from './http/http-device.ts';
import { audioCodecs } from './rtp/audio-codec.ts';
import { encodeWhole } from './rtp/encode-whole.ts';
import type {
  AnnouncementAudio,
  OpenedLive,
  Outcome,
  Probe,
  SpeakerDriver,
  Start,
} from './speaker.ts';
import type { HttpSpeakerConfig } from './speaker-config.ts';
import { credentialsOf } from './speaker-password.ts';

const timeoutMs = 4000;
const pieceBytes = 320;
const bytesPerMs = 8;
/** Handed over ahead of its time, so that a hiccup of the network is not heard. */
const aheadMs = 120;
/** So long the device may still hold what it was given. */
const tailMs = 200;

export function createHttpDriver(config: HttpSpeakerConfig): SpeakerDriver {
  const { url, caFile } = config;
  const ca = caFile === undefined ? {} : { ca: () => readFileSync(caFile) };
  const peer: HttpPeer = { url, timeoutMs, credentials: () => credentialsOf(config), ...ca };
  const device = deviceOf(config, peer);
  let last: Probe | Outcome | undefined;
  const kept = <Result extends Probe | Outcome>(result: Result): Result => {
    last = result;
    return result;
  };
  return {
    sampleRate: 8000,
    probe: async (signal) => kept(await unlessStopped(device.probe(), signal)),
    play: async (audio, signal, start) => {
      if (signal.aborted) return kept({ kind: 'stopped' });
      await setVolume(peer, config);
      return kept(await play(device, audio, signal, start));
    },
    openLive: async (signal) => {
      await setVolume(peer, config);
      const opened = await openLive(device, signal);
      if (opened.ok) void opened.stream.ended.then(kept);
      else kept(opened.refused);
      return opened;
    },
    status: () => last,
    stop: async () => undefined,
  };
}

function deviceOf(config: HttpSpeakerConfig, peer: HttpPeer): HttpDevice {
  switch (config.device) {
    case 'axis':
      return createAxisDevice(peer, config.clips ?? {});
    case 'hikvision':
      return createHikvisionDevice(peer, config.channel ?? 1);
    case 'dahua':
      return createDahuaDevice(peer, config.channel ?? 1);
    default:
      return config.device satisfies never;
  }
}

/** The device's own limit ends the request soon after. */
function unlessStopped(probe: Promise<Probe>, signal: AbortSignal | undefined): Promise<Probe> {
  const stopped = new Promise<Probe>((resolve) => {
    signal?.addEventListener('abort', () =>
      resolve({ kind: 'unreachable', reason: because('not-asked') }),
    );
  });
  return Promise.race([probe, stopped]);
}

/** A volume that cannot be set is no reason to be silent. */
async function setVolume(peer: HttpPeer, { volume }: HttpSpeakerConfig): Promise<void> {
  if (volume === undefined) return;
  const { method = 'GET', path, percent } = volume;
  await askDevice(peer, { method, path: path.replaceAll('{percent}', String(percent)) });
}

async function play(
  device: HttpDevice,
  { samples, recording }: AnnouncementAudio,
  signal: AbortSignal,
  start?: Start,
): Promise<Outcome> {
  const stored = recording === undefined ? undefined : device.playStored?.(recording);
  if (stored !== undefined) {
    await start?.();
    return stored;
  }
  const opened = await device.openTalk();
  if (!opened.ok) return opened.refused;
  const { talk } = opened;
  await start?.();
  const broken = talk.broken.then(() => true as const);
  const payload = encodeWhole(samples, audioCodecs[talk.codec], tailMs);
  await Promise.race([paced(payload, talk, signal), broken]);
  const outcome = await talk.finish();
  return signal.aborted ? { kind: 'stopped' } : outcome;
}

/** Times are counted from the start, so that a late piece does not delay those after it. */
async function paced(payload: Uint8Array, talk: Talk, signal: AbortSignal): Promise<void> {
  const startedAtMs = performance.now();
  const isOver = (): Promise<true> => talk.broken.then(() => true as const);
  for (let at = 0; at < payload.length && !signal.aborted; at += pieceBytes) {
    talk.write(payload.subarray(at, at + pieceBytes));
    const dueMs = startedAtMs + (at + pieceBytes) / bytesPerMs - aheadMs - performance.now();
    if (dueMs > 0 && (await Promise.race([pause(dueMs, signal), isOver()])) === true) return;
  }
  await pause(aheadMs, signal);
}

async function openLive(device: HttpDevice, signal: AbortSignal): Promise<OpenedLive> {
  const opened = await device.openTalk();
  if (!opened.ok) return opened;
  const { talk } = opened;
  const encode = audioCodecs[talk.codec].createEncoder();
  let settle = (_outcome: Outcome): void => undefined;
  const ended = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  void talk.broken.then(settle);
  const abort = (): void => {
    settle({ kind: 'stopped' });
    void talk.finish();
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  const close = async (): Promise<Outcome> => {
    signal.removeEventListener('abort', abort);
    settle(await talk.finish());
    return ended;
  };
  // Speech that is late is worse than speech with a hole.
  const write = (samples: Int16Array): void => {
    if (!talk.isLate()) talk.write(encode(samples));
  };
  return { ok: true, stream: { sampleRate: 8000, write, close, ended } };
}

async function pause(ms: number, signal: AbortSignal): Promise<false> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return false;
}
