/**
 * Sightings as rows of columns: many frames of stored tracks, or the one frame that is seen live. Numbers in typed arrays,
 * used over and over, so that a day of one camera is gone through without an object for each of its million sightings.
 */
import type { TrackedFrame, TrackPoint } from '../tracking/track.ts';

const columns = ['confidence', 'left', 'top', 'right', 'bottom'] as const;

export type SightingRows = Readonly<Record<(typeof columns)[number], Float64Array>> &
  Readonly<{
    trackId: Int32Array;
    label: readonly string[];
    /** Where the track was before, oldest first, by the row in which it is told. */
    earlier: ReadonlyMap<number, readonly TrackPoint[]>;
  }>;

/** One frame's rows, from `from` up to and without `to`. */
export type FrameOfRows = Readonly<{
  rows: SightingRows;
  from: number;
  to: number;
  mediaTimeMs: number;
  capturedAtMs: number;
}>;

export type RowStore = Readonly<{
  /** The columns as they are now; they may be others after the next `add`. */
  rows: () => SightingRows;
  count: () => number;
  add: (
    trackId: number,
    label: string,
    confidence: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
  ) => void;
  /** For the row that was added last. */
  addEarlier: (points: readonly TrackPoint[]) => void;
  clear: () => void;
}>;

export function createRowStore(): RowStore {
  let size = 64;
  let count = 0;
  const label: string[] = [];
  const earlier = new Map<number, readonly TrackPoint[]>();
  const empty = () => new Float64Array(size);
  const rows = {
    trackId: new Int32Array(size),
    confidence: empty(),
    left: empty(),
    top: empty(),
    right: empty(),
    bottom: empty(),
    label,
    earlier,
  };
  const grow = (): void => {
    size *= 2;
    const moreIds = new Int32Array(size);
    moreIds.set(rows.trackId);
    rows.trackId = moreIds;
    for (const column of columns) {
      const wider = empty();
      wider.set(rows[column]);
      rows[column] = wider;
    }
  };
  return {
    rows: () => rows,
    count: () => count,
    add: (trackId, itsLabel, confidence, left, top, right, bottom) => {
      if (count === size) grow();
      rows.trackId[count] = trackId;
      rows.confidence[count] = confidence;
      rows.left[count] = left;
      rows.top[count] = top;
      rows.right[count] = right;
      rows.bottom[count] = bottom;
      label[count] = itsLabel;
      count += 1;
    },
    addEarlier: (points) => {
      earlier.set(count - 1, points);
    },
    clear: () => {
      count = 0;
      if (earlier.size > 0) earlier.clear();
    },
  };
}

/** Only what was really seen moves anybody, predictions do not. */
export function rowsOfFrame(frame: TrackedFrame, store: RowStore): FrameOfRows {
  const { mediaTimeMs, capturedAtMs } = frame;
  store.clear();
  for (const {
    trackId,
    state,
    lastSeenMs,
    label,
    confidence,
    box,
    earlierPoints,
  } of frame.tracks) {
    if (state !== 'confirmed' || lastSeenMs !== mediaTimeMs) continue;
    store.add(trackId, label, confidence, box.left, box.top, box.right, box.bottom);
    if (earlierPoints !== undefined) store.addEarlier(earlierPoints);
  }
  return { rows: store.rows(), from: 0, to: store.count(), mediaTimeMs, capturedAtMs };
}
