/**
 * Paging by RTP, to one speaker or to a multicast group: no signalling, so the best that it can prove is `sent`.
 * A speaker at its own address that refuses the packets is `unreachable`.
 */
import { readFile } from 'node:fs/promises';
import { runProgram } from './child-program.ts';
import { encodeG711, type G711Law } from './rtp/g711.ts';
import { payloadBytes, payloadTypes } from './rtp/rtp-packet.ts';
import type { RtpSender, StreamEnd } from './rtp/rtp-sender.ts';
import { openRtpSocket, type RtpTarget } from './rtp/rtp-socket.ts';
import type { AnnouncementAudio, Outcome, Probe, SpeakerDriver } from './speaker.ts';
import type { RtpCodec, RtpSpeakerConfig } from './speaker-config.ts';
import { readWav } from './voice/wav-file.ts';

/** Some speakers swallow the first tenths of a second while they open their amplifier. */
const leadSilenceMs = 300;

export function createRtpDriver(config: RtpSpeakerConfig, sender: RtpSender): SpeakerDriver {
  const codec = config.codec ?? 'pcmu';
  const target: RtpTarget = {
    address: config.address,
    port: config.port,
    ttl: config.ttl ?? 1,
    ...(config.interfaceAddress === undefined ? {} : { interfaceAddress: config.interfaceAddress }),
  };
  let last: Probe | Outcome | undefined;

  return {
    sampleRate: codec === 'g722' ? 16000 : 8000,
    probe: async () => {
      const probed = await probe(target);
      last = probed;
      return probed;
    },
    play: async (audio, signal) => {
      const outcome = await play(audio, codec, target, sender, signal);
      last = outcome;
      return outcome;
    },
    status: () => last,
    stop: async () => undefined,
  };
}

async function play(
  audio: AnnouncementAudio,
  codec: RtpCodec,
  target: RtpTarget,
  sender: RtpSender,
  signal: AbortSignal,
): Promise<Outcome> {
  const encoded = await encode(audio.wavPath, codec, signal);
  if (signal.aborted) return { kind: 'stopped' };
  if (!encoded.ok) return { kind: 'failed', reason: encoded.reason };
  const stream = { payload: encoded.payload, payloadType: payloadTypes[codec], target };
  return outcomeOf(await sender.send(stream, signal));
}

function outcomeOf(end: StreamEnd): Outcome {
  return end.kind === 'sent' ? { kind: 'sent' } : end;
}

/** Asks this machine's network only: a paging speaker has nothing to answer with. */
async function probe(target: RtpTarget): Promise<Probe> {
  const opened = await openRtpSocket(target, () => undefined);
  if (!opened.ok) return { kind: 'unreachable', reason: opened.reason };
  opened.socket.close();
  return { kind: 'ready' };
}

type Encoded =
  | Readonly<{ ok: true; payload: Uint8Array }>
  | Readonly<{ ok: false; reason: string }>;

async function encode(wavPath: string, codec: RtpCodec, signal: AbortSignal): Promise<Encoded> {
  if (codec === 'g722') return encodeG722(wavPath, signal);
  try {
    return { ok: true, payload: await encodeLaw(wavPath, codec) };
  } catch (error) {
    return { ok: false, reason: `the sound cannot be read: ${String(error)}` };
  }
}

async function encodeLaw(wavPath: string, law: G711Law): Promise<Uint8Array> {
  const { samples, sampleRate } = readWav(await readFile(wavPath));
  const lead = (sampleRate * leadSilenceMs) / 1000;
  const length = Math.ceil((lead + samples.length) / payloadBytes) * payloadBytes;
  const padded = new Int16Array(length);
  padded.set(samples, lead);
  return encodeG711(padded, law);
}

async function encodeG722(wavPath: string, signal: AbortSignal): Promise<Encoded> {
  const whole = `adelay=delays=${leadSilenceMs}:all=1,asetnsamples=n=320:p=1`;
  const end = await runProgram({
    program: 'ffmpeg',
    args: ['-v', 'error', '-i', wavPath, '-af', whole, '-c:a', 'g722', '-f', 'g722', 'pipe:1'],
    signal,
  });
  return end.ok ? { ok: true, payload: end.stdout } : { ok: false, reason: end.reason };
}
