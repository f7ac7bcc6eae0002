/** What a source of live pictures, in whichever format, owes to the push that sends them. */
import type { LiveHeader } from '../../contract/live-stream.ts';

/** A message for the collector; `opens` is true where a viewer may start: a key frame, or anywhere in MPEG-TS. */
export type LivePiece = Readonly<{ bytes: Buffer; opens: boolean }>;

export type LiveSink = Readonly<{
  /** Comes before the pieces, and again when the stream had to be opened anew. */
  header: (header: LiveHeader) => void;
  piece: (piece: LivePiece) => void;
}>;

export type LiveSource = Readonly<{
  /** Resolves with what ffmpeg said last when the stream ends, for whatever reason; never rejects. */
  ended: Promise<readonly string[]>;
  /** Resolves when its ffmpeg is gone. */
  stop: () => Promise<void>;
}>;
