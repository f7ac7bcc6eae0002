/** A clip as the store knows it. */
import type { ClipFacts } from '../../contract/clip-message.ts';

export type StoredClip = Readonly<{ clipId: string; bytes: number; receivedAtMs: number }>;

/** `held`: it stays until it is released. `place`: the folder that its file is in, where that is known. */
type KeptClip = StoredClip & Readonly<{ held: boolean; place?: string }>;

export type ClipStore = Readonly<{
  /** Once its file is there; alarms that have a clip now are told. */
  saveClip: (edgeId: string, clip: ClipFacts, nowMs: number, place?: string) => Promise<void>;
  hasClip: (clipId: string) => Promise<boolean>;
  /** The newest clip that shows the event and came from the event's own edge. */
  clipOfEvent: (eventId: string) => Promise<StoredClip | undefined>;
  /** Oldest first. */
  clips: () => Promise<readonly KeptClip[]>;
  /** Its file has been found there. */
  placeClip: (clipId: string, place: string) => Promise<void>;
  forgetClip: (clipId: string) => Promise<void>;
}>;
