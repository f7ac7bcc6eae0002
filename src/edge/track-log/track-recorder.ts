/**
 * Gathers what was seen, in the camera's own thread, and hands it on as a batch of bytes every few seconds: the disk is
 * never touched for a frame. Lost tracks are guesses and are not kept.
 */

import type { StoredFrame, StoredTrack } from '../scene/replay-rule.ts';
import type { SceneTrack } from '../scene/scene.ts';
import { encodeBatch } from './track-batch.ts';

const batchMs = 5000;

type Moment = Readonly<{ mediaTimeMs: number; capturedAtMs: number }>;

export type TrackRecorder = Readonly<{
  take: (moment: Moment, tracks: readonly SceneTrack[]) => void;
  /** What has been gathered so far and not been handed on. */
  flush: () => void;
}>;

export function createTrackRecorder(
  head: Readonly<{ runId: number; aspectRatio: number }>,
  onBatch: (bytes: Uint8Array) => void,
): TrackRecorder {
  let frames: StoredFrame[] = [];
  const flush = (): void => {
    if (frames.length === 0) return;
    const bytes = encodeBatch(head, frames);
    frames = [];
    onBatch(bytes);
  };
  return {
    take: (moment, tracks) => {
      const [oldest] = frames;
      if (oldest !== undefined && moment.capturedAtMs - oldest.capturedAtMs >= batchMs) flush();
      const seen = tracks.filter(({ state }) => state === 'confirmed');
      if (seen.length === 0) return;
      const stored = seen.map((track) => storedTrack(track, moment));
      frames.push({ capturedAtMs: moment.capturedAtMs, tracks: stored });
    },
    flush,
  };
}

function storedTrack(
  { trackId, personId, label, confidence, box, earlierPoints }: SceneTrack,
  { mediaTimeMs, capturedAtMs }: Moment,
): StoredTrack {
  const track = { trackId, personId, label, confidence, box };
  if (earlierPoints === undefined) return track;
  const earlier = earlierPoints.map((point) => ({
    capturedAtMs: capturedAtMs - (mediaTimeMs - point.mediaTimeMs),
    box: point.box,
  }));
  return { ...track, earlier };
}
