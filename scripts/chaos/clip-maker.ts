/** Clips for an edge without cameras: the same recorded seconds for one event after another, kept by the real shelf. */
import { openClipShelf } from '../../src/edge/clips/clip-shelf.ts';
import type { ClipSource } from '../../src/edge/uplink/clip-sender.ts';
import { rawClip } from '../../src/testing/clips.ts';

export type ClipMaker = Readonly<{
  source: ClipSource;
  /** Makes one of this event, if it is time for one. */
  take: (event: Readonly<{ eventId: string; cameraId: string }>) => void;
  /** How many the centre has not got. */
  due: () => number;
}>;

const everyMs = 800;

export function createClipMaker(folder: string, onKept: (clipId: string) => void): ClipMaker {
  const raw = rawClip();
  const shelf = openClipShelf({
    folder,
    // The recorded seconds are of no date.
    boundsOf: () => ({ maxBytes: 1e9, keepDays: 1e6 }),
    onDropped: () => undefined,
  });
  let madeAt = Number.NEGATIVE_INFINITY;
  return {
    source: shelf,
    take: ({ eventId, cameraId }) => {
      if (performance.now() - madeAt < everyMs) return;
      madeAt = performance.now();
      const kept = shelf.keep(cameraId, { ...raw, eventIds: [eventId] }, Date.now());
      // A full disk takes none, and nobody was told that there is one.
      kept.then(
        ({ clipId }) => onKept(clipId),
        () => undefined,
      );
    },
    due: () =>
      shelf.all().filter((card) => (card as { delivered?: boolean }).delivered !== true).length,
  };
}
