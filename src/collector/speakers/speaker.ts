/**
 * The port through which every loudspeaker is driven, whatever it speaks on the wire.
 * A driver plays one announcement at a time; the queue before it sees to that.
 */

/** Sound that is ready to play: a mono PCM16 WAV file at the driver's sample rate, levelled. */
export type AnnouncementAudio = Readonly<{
  announcementId: string;
  wavPath: string;
  seconds: number;
}>;

/**
 * What the way to the speaker proves: `sent` that nothing came back, `answered` that the speaker took the call,
 * `played` that the sound came out or was stored. `stopped` is the answer to an aborted signal.
 */
export type Outcome =
  | Readonly<{ kind: 'sent' | 'answered' | 'played' }>
  | Readonly<{ kind: 'busy' | 'refused' | 'unreachable' | 'failed'; reason: string }>
  | Readonly<{ kind: 'stopped' }>;

export type Probe = Readonly<{ kind: 'ready' }> | Readonly<{ kind: 'unreachable'; reason: string }>;

/** Samples per second that a driver takes. */
export type SampleRate = 8000 | 16000;

export type SpeakerDriver = Readonly<{
  sampleRate: SampleRate;
  /** Looks whether the speaker can be reached, without a sound. */
  probe: () => Promise<Probe>;
  /** Never rejects for what the speaker or the network does; resolves soon after the signal is aborted. */
  play: (audio: AnnouncementAudio, signal: AbortSignal) => Promise<Outcome>;
  /** How the last probe or announcement went; undefined before the first. */
  status: () => Probe | Outcome | undefined;
  stop: () => Promise<void>;
}>;
