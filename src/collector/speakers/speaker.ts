/**
 * The port through which every loudspeaker is driven, whatever it speaks on the wire.
 * A driver makes one sound at a time, an announcement or live speech; the queue before it sees to that.
 */

/** Sound that is ready to play: mono, 16 bits, at the driver's sample rate, levelled. */
export type AnnouncementAudio = Readonly<{
  announcementId: string;
  samples: Int16Array;
  sampleRate: SampleRate;
  /** The recording's name, when it is one, for devices that hold it themselves. */
  recording?: string;
}>;

/**
 * What the way to the speaker proves: `sent` that nothing came back, `answered` that the speaker took the call,
 * `played` that the sound came out or was stored. `stopped` is the answer to an aborted signal.
 */
export type Outcome =
  | Readonly<{ kind: 'sent' | 'answered' | 'played' }>
  | Refused
  | Readonly<{ kind: 'stopped' }>;

/** It was not heard, or not to its end, and why. */
export type Refused = Readonly<{
  kind: 'busy' | 'refused' | 'unreachable' | 'failed';
  reason: string;
}>;

/** `unproven`: nothing speaks against it, but the speaker has no way to answer. */
export type Probe =
  | Readonly<{ kind: 'ready' | 'unproven' }>
  | Readonly<{ kind: 'unreachable' | 'refused'; reason: string }>;

/** Samples per second that a driver takes. */
export type SampleRate = 8000 | 16000;

/** Live speech on its way: what is written is heard a few hundredths of a second later. */
export type LiveStream = Readonly<{
  sampleRate: SampleRate;
  /** Mono samples at the stream's rate, 20 ms (`sampleRate / 50`) at a time. Without them the speaker hears silence. */
  write: (samples: Int16Array) => void;
  /** Says the rest, ends the way to the speaker, and resolves as `ended` does. May be called twice. */
  close: () => Promise<Outcome>;
  /** Resolves when it is over, also when the speaker or the network ended it. Never rejects. */
  ended: Promise<Outcome>;
}>;

export type OpenedLive =
  /** `missing`: speakers of a zone that are not there. */
  | Readonly<{ ok: true; stream: LiveStream; missing?: readonly string[] }>
  | Readonly<{ ok: false; refused: Refused }>;

/** Lets several speakers begin in step: each waits here when it could begin, until all can. */
export type Start = () => Promise<void>;

export type SpeakerDriver = Readonly<{
  sampleRate: SampleRate;
  /** Looks whether the speaker can be reached, without a sound. */
  probe: (signal?: AbortSignal) => Promise<Probe>;
  /** Never rejects for what the speaker or the network does; resolves soon after the signal is aborted. */
  play: (audio: AnnouncementAudio, signal: AbortSignal, start?: Start) => Promise<Outcome>;
  /** Only drivers that can speak live have it. An abort, before or after the opening, ends the stream. */
  openLive?: (signal: AbortSignal) => Promise<OpenedLive>;
  /** How the last probe or announcement went; undefined before the first. */
  status: () => Probe | Outcome | undefined;
  stop: () => Promise<void>;
}>;
