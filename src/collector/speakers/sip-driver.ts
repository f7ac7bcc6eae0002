/**
 * A loudspeaker that is a SIP phone: called, it answers by itself and says what it hears. The only open way that proves
 * something: that the speaker took the call, and that it was there to the end. Sound goes out by the RTP sender.
 */

import { readFileSync } from 'node:fs';
import { because } from '../../contract/reason.ts';
import { audioCodecs, type CodecName } from './rtp/audio-codec.ts';
import { encodeWhole } from './rtp/encode-whole.ts';
import { openRtpLive } from './rtp/open-rtp-live.ts';
import { resample } from './rtp/resample.ts';
import type { StreamEnd } from './rtp/rtp-messages.ts';
import type { RtpChannel, RtpSender } from './rtp/rtp-sender.ts';
import type { RtpTarget } from './rtp/rtp-socket.ts';
import { type CallBook, noCallBook } from './sip/call-book.ts';
import { createClearing } from './sip/left-calls.ts';
import { dial, type SipCall } from './sip/sip-call.ts';
import { openSipClient, type SipPeer } from './sip/sip-client.ts';
import { refusalOf } from './sip/sip-refusal.ts';
import { createSipRegistration } from './sip/sip-registration.ts';
import { type SipTiming, usualSipTiming } from './sip/sip-timing.ts';
import type {
  AnnouncementAudio,
  OpenedLive,
  Outcome,
  Probe,
  SpeakerDriver,
  Start,
} from './speaker.ts';
import type { SipSpeakerConfig } from './speaker-config.ts';
import { credentialsOf } from './speaker-password.ts';

/** Some devices still hold the last tenths of a second when the call ends. */
const tailMs = 200;
const registrationSeconds = 600;
const registrationRetryMs = 30_000;

type Line = Readonly<{
  peer: SipPeer;
  place: string;
  hasPassword: boolean;
  codecs: readonly CodecName[];
  sender: RtpSender;
  book: CallBook;
}>;

export function createSipDriver(
  config: SipSpeakerConfig,
  sender: RtpSender,
  timing: SipTiming = usualSipTiming,
  book: CallBook = noCallBook,
): SpeakerDriver {
  const line = { ...lineOf(config, sender, timing), book };
  const cleared = createClearing(line.peer, book);
  const registration = config.register === true ? registrationOf(line) : undefined;
  let last: Probe | Outcome | undefined;
  const kept = <Result extends Probe | Outcome>(result: Result): Result => {
    last = result;
    return result;
  };
  return {
    sampleRate: config.codec === 'g722' ? 16000 : 8000,
    probe: async (signal) => {
      registration?.start();
      await cleared.again(signal);
      const probed = await probe(line, signal);
      const failure = registration?.failure();
      return kept(
        probed.kind === 'ready' && failure !== undefined
          ? { kind: 'refused', reason: because('speaker-not-registered', { what: failure }) }
          : probed,
      );
    },
    play: async (audio, signal, start) => {
      await cleared.first();
      return kept(await play(line, audio, signal, start));
    },
    openLive: async (signal) => {
      await cleared.first();
      const opened = await openLive(line, config.codec === 'g722' ? 16000 : 8000, signal);
      if (opened.ok) void opened.stream.ended.then(kept);
      else kept(opened.refused);
      return opened;
    },
    status: () => last,
    stop: async () => registration?.stop(),
  };
}

function lineOf(
  config: SipSpeakerConfig,
  sender: RtpSender,
  timing: SipTiming,
): Omit<Line, 'book'> {
  const { address: host, user, username, codec = 'pcmu', interfaceAddress } = config;
  const { transport = 'udp', port = transport === 'tls' ? 5061 : 5060, caFile } = config;
  const place = `${host}:${port}`;
  const narrow = ['pcmu', 'pcma'] as const;
  return {
    sender,
    place,
    hasPassword: username !== undefined,
    codecs: [codec, ...narrow.filter((name) => name !== codec)],
    peer: {
      host,
      port,
      // A device need not know its own certificate's name: `sips` would demand TLS on every further leg too.
      uri: `sip:${user}@${place}${transport === 'udp' ? '' : `;transport=${transport}`}`,
      transport,
      ...(caFile === undefined ? {} : { ca: () => readFileSync(caFile) }),
      ownUser: username ?? 'haoguanjia',
      ...(config.register === true ? { ownHost: host } : {}),
      ...(interfaceAddress === undefined ? {} : { interfaceAddress }),
      credentials: () => credentialsOf(config),
      timing,
    },
  };
}

function registrationOf({ peer, hasPassword }: Pick<Line, 'peer' | 'hasPassword'>) {
  return createSipRegistration(
    { ...peer, uri: `sip:${peer.ownUser}@${peer.host}` },
    { expiresSeconds: registrationSeconds, retryMs: registrationRetryMs, hasPassword },
  );
}

/** Any answer shows that the device is there; one that wants a password that it does not get would refuse the call too. */
async function probe(
  { peer, place, hasPassword }: Line,
  signal: AbortSignal | undefined,
): Promise<Probe> {
  const opened = await openSipClient(peer);
  if (!opened.ok) return { kind: 'unreachable', reason: opened.reason };
  const { client } = opened;
  const end = await client.ask({
    method: 'OPTIONS',
    withinMs: peer.timing.requestWithinMs,
    ...(signal === undefined ? {} : { signal }),
  });
  client.close();
  const isThere =
    end.kind === 'answered' && ![401, 403, 404, 407, 408, 480].includes(end.response.status);
  if (isThere) return { kind: 'ready' };
  const refusal = refusalOf(end, place, hasPassword);
  return refusal.kind === 'stopped'
    ? { kind: 'unreachable', reason: because('speaker-not-asked', { place }) }
    : { kind: refusal.kind === 'refused' ? 'refused' : 'unreachable', reason: refusal.reason };
}

type Connected =
  | Readonly<{ ok: true; call: SipCall; channel: RtpChannel; target: RtpTarget }>
  | Readonly<{
      ok: false;
      outcome: Exclude<Outcome, Readonly<{ kind: 'sent' | 'answered' | 'played' }>>;
    }>;

async function connect(
  { sender, peer, codecs, place, hasPassword, book }: Line,
  signal: AbortSignal,
): Promise<Connected> {
  const opened = await sender.open(peer.interfaceAddress);
  if (!opened.ok) {
    return { ok: false, outcome: { kind: 'unreachable', reason: opened.reason } };
  }
  const { channel } = opened;
  const dialled = await dial(peer, { rtpPort: channel.port, codecs }, book, signal);
  if (dialled.kind === 'answered') {
    const { address, port } = dialled.call.sound;
    return { ok: true, call: dialled.call, channel, target: { address, port, ttl: 1 } };
  }
  channel.close();
  if (dialled.kind === 'refused') {
    return { ok: false, outcome: refusalOf(dialled.end, place, hasPassword) };
  }
  const reason = because('speaker-answered-no-codec', { place });
  return { ok: false, outcome: { kind: 'refused', reason } };
}

async function play(
  line: Line,
  { samples, sampleRate }: AnnouncementAudio,
  signal: AbortSignal,
  start?: Start,
): Promise<Outcome> {
  const connected = await connect(line, signal);
  if (!connected.ok) return connected.outcome;
  const { call, channel, target } = connected;
  const codec = audioCodecs[call.sound.codec];
  const payload = encodeWhole(resample(samples, sampleRate, codec.sampleRate), codec, tailMs);
  await start?.();
  const until = AbortSignal.any([signal, call.ended]);
  const end = await channel.send({ payload, payloadType: codec.payloadType, target }, until);
  return hangUp(line, connected, end, signal);
}

async function openLive(
  line: Line,
  sampleRate: 8000 | 16000,
  signal: AbortSignal,
): Promise<OpenedLive> {
  const connected = await connect(line, signal);
  if (!connected.ok) {
    const { outcome } = connected;
    return {
      ok: false,
      refused:
        outcome.kind === 'stopped' ? { kind: 'failed', reason: because('was-stopped') } : outcome,
    };
  }
  const { call, channel, target } = connected;
  const stream = openRtpLive({
    channel,
    codec: audioCodecs[call.sound.codec],
    sampleRate,
    target,
    signal: AbortSignal.any([signal, call.ended]),
    end: (end) => hangUp(line, connected, end, signal),
  });
  return { ok: true, stream };
}

/** Ends the call; how the speaker takes that tells whether it was there to the end. */
async function hangUp(
  { place }: Line,
  { call, channel }: Extract<Connected, { ok: true }>,
  end: StreamEnd,
  signal: AbortSignal,
): Promise<Outcome> {
  channel.close();
  const farewell = await call.hangUp();
  if (signal.aborted) return { kind: 'stopped' };
  if (call.ended.aborted && end.kind !== 'sent') {
    return { kind: 'failed', reason: because('speaker-ended-call', { place }) };
  }
  if (end.kind !== 'sent') return end;
  if (farewell.kind === 'silent' || farewell.kind === 'unreachable') {
    const reason = because('speaker-gone-at-end', { place });
    return { kind: 'unreachable', reason };
  }
  return { kind: 'answered' };
}
