/**
 * Builds what tracking says, frame by frame, from where people are: for tests of the rules alone. A person who is
 * `undefined` at a moment is not seen then; a track ends four seconds after it was seen last, unless told otherwise.
 */
import type { CameraRules } from '../contract/rule.ts';
import type { SceneEvent } from '../contract/rule-event.ts';
import type { Point } from '../contract/shape.ts';
import type { Persons } from '../edge/scene/identity/person.ts';
import { createRules } from '../edge/scene/rules/rules.ts';
import type { Track, TrackedFrame } from '../edge/scene/tracking/track.ts';

/** Foot point in fractions of the picture. */
export type Way = (atMs: number) => Point | undefined;
export type Someone = Readonly<{
  trackId: number;
  way: Way;
  label?: string;
  confidence?: (atMs: number) => number;
  /** Fraction of the picture's height. */
  height?: number;
}>;
type Filming = Readonly<{
  fps?: number;
  seconds: number;
  startedAtMs?: number;
  /** Unseen for longer, a track has ended. */
  lostMs?: number;
}>;

export const pictureRatio = 4 / 3;

export function trackedFrames(
  people: readonly Someone[],
  { fps = 5, seconds, startedAtMs = 1_700_000_000_000, lostMs = 4000 }: Filming,
): readonly TrackedFrame[] {
  const lastSeen = new Map<number, number>();
  const firstSeen = new Map<number, number>();
  return Array.from({ length: Math.round(seconds * fps) + 1 }, (_, index) => {
    const mediaTimeMs = Math.round((index * 1000) / fps);
    const tracks = people.flatMap((someone): readonly Track[] => {
      const foot = someone.way(mediaTimeMs);
      if (foot === undefined) return [];
      const { trackId } = someone;
      if (!firstSeen.has(trackId)) firstSeen.set(trackId, mediaTimeMs);
      lastSeen.set(trackId, mediaTimeMs);
      return [trackAt(someone, foot, mediaTimeMs, firstSeen.get(trackId) ?? mediaTimeMs)];
    });
    const endedTrackIds = [...lastSeen].flatMap(([trackId, atMs]) =>
      mediaTimeMs - atMs > lostMs ? [trackId] : [],
    );
    for (const trackId of endedTrackIds) lastSeen.delete(trackId);
    return { mediaTimeMs, capturedAtMs: startedAtMs + mediaTimeMs, tracks, endedTrackIds };
  });
}

export function eventsOf(
  rules: Omit<CameraRules, 'schemaVersion'>,
  frames: readonly TrackedFrame[],
  persons: Persons = strangers,
): readonly SceneEvent[] {
  const watching = createRules({
    rules: { schemaVersion: 1, ...rules },
    aspectRatio: pictureRatio,
  });
  return frames.flatMap((frame) => watching.observe(frame, persons));
}

/** Every track is a person of its own. */
export const strangers: Persons = {
  personOf: (trackId) => ({ personId: trackId, link: 'same-track' }),
};

/** From place to place, straight and evenly; unseen before the first and after the last. */
export function along(...stops: readonly (readonly [atMs: number, place: Point])[]): Way {
  return (atMs) => {
    const next = stops.findIndex(([stopMs]) => stopMs >= atMs);
    const [toMs, to] = stops[next] ?? [0, [0, 0]];
    const [fromMs, from] = stops[Math.max(0, next - 1)] ?? [0, [0, 0]];
    if (next < 0 || (next === 0 && toMs !== atMs)) return undefined;
    const share = toMs === fromMs ? 1 : (atMs - fromMs) / (toMs - fromMs);
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  };
}

function trackAt(
  { trackId, label = 'person', confidence = () => 0.8, height = 0.2 }: Someone,
  [x, y]: Point,
  mediaTimeMs: number,
  firstSeenMs: number,
): Track {
  const halfWidth = (height * 0.4) / pictureRatio / 2;
  return {
    trackId,
    state: 'confirmed',
    label,
    confidence: confidence(mediaTimeMs),
    box: { left: x - halfWidth, right: x + halfWidth, top: y - height, bottom: y },
    firstSeenMs,
    lastSeenMs: mediaTimeMs,
  };
}
