/**
 * What rules would have done: runs them over stored tracks, through the same code as live. Pure. Tracks are stored in
 * runs, one for each life of a camera's worker; within a run track and person ids mean the same, across runs nothing.
 */
import type { CameraRules } from '../../contract/rule.ts';
import type { SceneEvent } from '../../contract/rule-event.ts';
import type { Box } from '../../contract/shape.ts';
import type { Persons } from './identity/person.ts';
import { createRules } from './rules/rules.ts';
import { createRowStore, type FrameOfRows, type SightingRows } from './rules/sighting-rows.ts';
import type { TrackPoint } from './tracking/track.ts';
import { trackerConstants } from './tracking/tracker-settings.ts';

/** A track where it was seen in one frame; `earlier` only in the first one, where it was seen before its confirmation. */
export type StoredTrack = Readonly<{
  trackId: number;
  personId: number;
  label: string;
  confidence: number;
  box: Box;
  earlier?: readonly Readonly<{ capturedAtMs: number; box: Box }>[];
}>;
/** Everybody who was seen in one frame; frames in which nobody was seen are not stored. */
export type StoredFrame = Readonly<{ capturedAtMs: number; tracks: readonly StoredTrack[] }>;

/** Takes stored sightings one after the other, without an object for each: a day has more than a million. */
export type StoredTaker = Readonly<{
  /** The frame of the sightings that follow. */
  frame: (capturedAtMs: number) => void;
  /** Box as its left, top, right and lower side. */
  sighting: (
    trackId: number,
    personId: number,
    label: string,
    confidence: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
  ) => void;
  /** Of the sighting just told. */
  earlier: (points: NonNullable<StoredTrack['earlier']>) => void;
}>;
/** `tell` hands over all that is stored of the run, frame by frame, oldest first. */
export type TrackRun = Readonly<{ aspectRatio: number; tell: (taker: StoredTaker) => void }>;

export type RuleReplay = Readonly<{
  firings: readonly SceneEvent[];
  /** How many there were in each hour that has any; the hour is given by its begin. */
  perHour: readonly Readonly<{ fromMs: number; count: number }>[];
}>;

const hourMs = 3_600_000;
/** Unseen for longer, a track does not come back. */
const lostMs = trackerConstants.lostSeconds * 1000;

export function replayRule(runs: Iterable<TrackRun>, rules: CameraRules): RuleReplay {
  const firings: SceneEvent[] = [];
  for (const run of runs) replayRun(run, rules, firings);
  const counts = new Map<number, number>();
  for (const { capturedAtMs } of firings) {
    const fromMs = Math.floor(capturedAtMs / hourMs) * hourMs;
    counts.set(fromMs, (counts.get(fromMs) ?? 0) + 1);
  }
  return { firings, perHour: [...counts].map(([fromMs, count]) => ({ fromMs, count })) };
}

function replayRun(
  { aspectRatio, tell }: TrackRun,
  rules: CameraRules,
  firings: SceneEvent[],
): void {
  const watching = createRules({ rules, aspectRatio });
  const store = createRowStore();
  const personIds = new Map<number, number>();
  const persons = personsAmong(personIds);
  let startMs: number | undefined;
  let frameMs = 0;
  const finishFrame = (): void => {
    if (store.count() === 0) return;
    const frame = frameOf(store.rows(), store.count(), frameMs, startMs ?? frameMs);
    for (const event of watching.observeRows(frame, lostMs, persons)) firings.push(event);
    store.clear();
  };
  tell({
    frame: (capturedAtMs) => {
      finishFrame();
      startMs ??= capturedAtMs;
      frameMs = capturedAtMs;
    },
    sighting: (trackId, personId, label, confidence, left, top, right, bottom) => {
      if (personId !== trackId || personIds.size > 0) personIds.set(trackId, personId);
      store.add(trackId, label, confidence, left, top, right, bottom);
    },
    earlier: (points) => {
      const fromMs = startMs ?? frameMs;
      const known = points.map(
        ({ capturedAtMs, box }): TrackPoint => ({ mediaTimeMs: capturedAtMs - fromMs, box }),
      );
      store.addEarlier(known);
    },
  });
  finishFrame();
}

function frameOf(
  rows: SightingRows,
  to: number,
  capturedAtMs: number,
  startMs: number,
): FrameOfRows {
  return { rows, from: 0, to, capturedAtMs, mediaTimeMs: capturedAtMs - startMs };
}

/** Ended tracks are asked for too, as long as a pass of theirs counts: a person's number is kept for the whole run. */
function personsAmong(personIds: ReadonlyMap<number, number>): Persons {
  return {
    personOf: (trackId) => {
      const personId = personIds.get(trackId) ?? trackId;
      return { personId, link: personId === trackId ? 'same-track' : 'certain' };
    },
  };
}
