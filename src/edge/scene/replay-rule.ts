/**
 * What a rule would have done: runs one rule over stored tracks, through the same code as live. Pure. Tracks are stored in
 * runs, one for each life of a camera's worker; within a run track and person ids mean the same, across runs nothing.
 */
import type { CameraRules, Tripwire, WatchPoint, Zone } from '../../contract/rule.ts';
import type { SceneEvent } from '../../contract/rule-event.ts';
import type { Box } from '../../contract/shape.ts';
import type { Persons } from './identity/person.ts';
import { createRules } from './rules/rules.ts';
import type { Track, TrackedFrame, TrackPoint } from './tracking/track.ts';

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
export type TrackRun = Readonly<{ aspectRatio: number; frames: Iterable<StoredFrame> }>;

export type OneRule =
  | Readonly<{ kind: 'tripwire'; rule: Tripwire }>
  | Readonly<{ kind: 'zone'; rule: Zone }>
  | Readonly<{ kind: 'watch-point'; rule: WatchPoint }>;

export type RuleReplay = Readonly<{
  firings: readonly SceneEvent[];
  /** How many there were in each hour that has any; the hour is given by its begin. */
  perHour: readonly Readonly<{ fromMs: number; count: number }>[];
}>;

const hourMs = 3_600_000;
/** Unseen for so long, a track does not come back. */
const lostMs = 4000;

export function replayRule(runs: Iterable<TrackRun>, rule: OneRule): RuleReplay {
  const firings: SceneEvent[] = [];
  for (const run of runs) replayRun(run, rulesOf(rule), firings);
  const counts = new Map<number, number>();
  for (const { capturedAtMs } of firings) {
    const fromMs = Math.floor(capturedAtMs / hourMs) * hourMs;
    counts.set(fromMs, (counts.get(fromMs) ?? 0) + 1);
  }
  return { firings, perHour: [...counts].map(([fromMs, count]) => ({ fromMs, count })) };
}

function rulesOf(one: OneRule): CameraRules {
  switch (one.kind) {
    case 'tripwire':
      return { schemaVersion: 1, tripwires: [one.rule] };
    case 'zone':
      return { schemaVersion: 1, zones: [one.rule] };
    case 'watch-point':
      return { schemaVersion: 1, watchPoints: [one.rule] };
    default:
      return one satisfies never;
  }
}

type Alive = { firstSeenMs: number; lastSeenMs: number };

function replayRun(
  { aspectRatio, frames }: TrackRun,
  rules: CameraRules,
  firings: SceneEvent[],
): void {
  const watching = createRules({ rules, aspectRatio });
  const alive = new Map<number, Alive>();
  const personIds = new Map<number, number>();
  const persons = personsAmong(personIds);
  let startMs: number | undefined;
  for (const frame of frames) {
    startMs ??= frame.capturedAtMs;
    for (const { trackId, personId } of frame.tracks) personIds.set(trackId, personId);
    firings.push(...watching.observe(trackedFrame(frame, startMs, alive), persons));
  }
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

function trackedFrame(
  { capturedAtMs, tracks }: StoredFrame,
  startMs: number,
  alive: Map<number, Alive>,
): TrackedFrame {
  const mediaTimeMs = capturedAtMs - startMs;
  const endedTrackIds: number[] = [];
  for (const [trackId, { lastSeenMs }] of alive) {
    if (mediaTimeMs - lastSeenMs <= lostMs) continue;
    endedTrackIds.push(trackId);
    alive.delete(trackId);
  }
  return {
    mediaTimeMs,
    capturedAtMs,
    endedTrackIds,
    tracks: tracks.map((stored) => trackOf(stored, mediaTimeMs, startMs, alive)),
  };
}

function trackOf(
  { trackId, label, confidence, box, earlier }: StoredTrack,
  mediaTimeMs: number,
  startMs: number,
  alive: Map<number, Alive>,
): Track {
  const known = alive.get(trackId);
  const firstSeenMs = known?.firstSeenMs ?? mediaTimeMs;
  if (known === undefined) alive.set(trackId, { firstSeenMs, lastSeenMs: mediaTimeMs });
  else known.lastSeenMs = mediaTimeMs;
  const track: Track = {
    trackId,
    state: 'confirmed',
    label,
    confidence,
    box,
    firstSeenMs,
    lastSeenMs: mediaTimeMs,
  };
  if (earlier === undefined) return track;
  const earlierPoints = earlier.map(
    (point): TrackPoint => ({ mediaTimeMs: point.capturedAtMs - startMs, box: point.box }),
  );
  return { ...track, earlierPoints };
}
