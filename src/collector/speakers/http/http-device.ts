/** What the devices that are spoken to by HTTP have in common: they take G.711 as it is spoken, and some hold sounds of their own. */
import type { Outcome, Probe, Refused } from '../speaker.ts';

export type Talk = Readonly<{
  codec: 'pcmu' | 'pcma';
  /** Encoded sound, at the pace at which it is to be heard. */
  write: (bytes: Uint8Array) => void;
  /** The device does not read fast enough: what is written now would be heard late. */
  isLate: () => boolean;
  /** Nothing comes any more; answers with how the device took it. May be called twice. */
  finish: () => Promise<Outcome>;
  /** Resolves when the device ends it before it is finished. */
  broken: Promise<Refused>;
}>;

export type OpenedTalk =
  | Readonly<{ ok: true; talk: Talk }>
  | Readonly<{ ok: false; refused: Refused }>;

export type HttpDevice = Readonly<{
  probe: () => Promise<Probe>;
  openTalk: () => Promise<OpenedTalk>;
  /** Undefined when the device does not hold this recording. */
  playStored?: (recording: string) => Promise<Outcome> | undefined;
}>;

export function probeOf(
  answer: Readonly<{ ok: true }> | Readonly<{ ok: false; refused: Refused }>,
): Probe {
  if (answer.ok) return { kind: 'ready' };
  const { kind, reason } = answer.refused;
  // A device that is busy is there.
  if (kind === 'busy') return { kind: 'ready' };
  return { kind: kind === 'unreachable' ? 'unreachable' : 'refused', reason };
}
