/**
 * What a replay writes down: events as they come, and a box for every object in every analysed frame, once under its
 * track and once under its person. Who a track is may become clear only after it has been looked at for a while: all of
 * its boxes are written under the person that it was known to be in the end.
 */
import type { SceneEvent } from '../contract/rule-event.ts';
import type { Box } from '../contract/shape.ts';
import type { Frame } from '../edge/camera/frame.ts';
import type { Observation, SceneTrack } from '../edge/scene/scene.ts';
import { fillBetweenLooks } from './between-looks.ts';
import type { MotRow } from './evaluation/mot-rows.ts';

export type Recording = Readonly<{
  add: (frame: FrameFacts, observation: Pick<Observation, 'events' | 'tracks'>) => void;
  /** A frame of the analysis that the detector did not look at: tracks are where the looks around it say. */
  skip: (frame: FrameFacts) => void;
  events: () => readonly SceneEvent[];
  /** In the order of frames, then ids. */
  trackRows: () => readonly MotRow[];
  personRows: () => readonly MotRow[];
  /** The same boxes as paths, one for each track, in the order of frames. */
  trails: () => readonly Trail[];
  analysedFrames: () => readonly number[];
  /** A box of an event in source pixels, as the rows are. */
  inPixels: (box: Box) => Box;
  sourceSize: () => Readonly<{ width: number; height: number }>;
}>;

export type FrameFacts = Pick<
  Frame,
  'frameNumber' | 'mediaTimeMs' | 'sourceWidth' | 'sourceHeight'
>;

/** Boxes in source pixels. */
export type Trail = Readonly<{
  trackId: number;
  personId: number;
  steps: readonly Readonly<{ frame: number; box: Box; confidence: number }>[];
}>;

type Entry = Readonly<{
  frame: number;
  trackId: number;
  box: Box;
  confidence: number;
}>;

export function createRecording(): Recording {
  const events: SceneEvent[] = [];
  const entries: Entry[] = [];
  const frameAt = new Map<number, number>();
  const skipped: number[] = [];
  const filled = () => fillBetweenLooks(entries, [...frameAt.values()], skipped);
  const personOf = new Map<number, number>();
  const person = (trackId: number) => personOf.get(trackId) ?? trackId;
  let size: Size = { sourceWidth: 1, sourceHeight: 1 };
  return {
    add: (frame, observation) => {
      size = frame;
      frameAt.set(frame.mediaTimeMs, frame.frameNumber);
      events.push(...observation.events);
      const pixels = (box: Box) => inPixels(box, frame);
      for (const track of observation.tracks) {
        personOf.set(track.trackId, track.personId);
        entries.push(...entriesOf(track, frame, frameAt, pixels));
      }
    },
    skip: (frame) => skipped.push(frame.frameNumber),
    events: () => events,
    trackRows: () => rowsOf(filled(), (entry) => entry.trackId),
    personRows: () => rowsOf(filled(), (entry) => person(entry.trackId)),
    trails: () => trailsOf(filled(), person),
    analysedFrames: () => [...frameAt.values(), ...skipped].sort((a, b) => a - b),
    inPixels: (box) => inPixels(box, size),
    sourceSize: () => ({ width: size.sourceWidth, height: size.sourceHeight }),
  };
}

/**
 * A lost track is not there: its box is a guess. What a track was before it was confirmed is known now, but for a body that
 * was just coming in over the picture's edge: the box of a part is not the box of the person.
 */
function entriesOf(
  track: SceneTrack,
  frame: FrameFacts,
  frameAt: ReadonlyMap<number, number>,
  pixels: (box: Box) => Box,
): readonly Entry[] {
  if (track.state === 'lost') return [];
  const { trackId, confidence } = track;
  const earlier = (track.earlierPoints ?? []).flatMap((point) => {
    const number = frameAt.get(point.mediaTimeMs);
    return number === undefined || isComingIn(point.box, track.box)
      ? []
      : [{ frame: number, box: point.box }];
  });
  return [...earlier, { frame: frame.frameNumber, box: track.box }].map((seen) => ({
    frame: seen.frame,
    trackId,
    confidence,
    box: pixels(seen.box),
  }));
}

/** Within so much of the picture's edge, as a share of the picture, it cuts a body. */
const edgeMargin = 0.004;
/** Boxes of one person differ by a tenth from one frame to the next; less than this of the later box is a part of it. */
const wholeShare = 0.85;

/** Cut by the edge, and still growing: whoever stands at the edge for good is as much as will be seen of them. */
function isComingIn(box: Box, later: Box): boolean {
  const { left, top, right, bottom } = box;
  const isCut = Math.min(left, top, 1 - right, 1 - bottom) < edgeMargin;
  return isCut && areaOf(box) < wholeShare * areaOf(later);
}

function areaOf({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top);
}

function rowsOf(entries: readonly Entry[], idOf: (entry: Entry) => number): readonly MotRow[] {
  return entries
    .map((entry) => ({
      frame: entry.frame,
      id: idOf(entry),
      box: entry.box,
      confidence: entry.confidence,
    }))
    .sort((a, b) => a.frame - b.frame || a.id - b.id);
}

function trailsOf(
  entries: readonly Entry[],
  personOf: (trackId: number) => number,
): readonly Trail[] {
  const byTrack = new Map<number, Entry[]>();
  for (const entry of entries) {
    const known = byTrack.get(entry.trackId);
    if (known === undefined) byTrack.set(entry.trackId, [entry]);
    else known.push(entry);
  }
  return [...byTrack].map(([trackId, steps]) => ({
    trackId,
    personId: personOf(trackId),
    steps: steps.sort((a, b) => a.frame - b.frame),
  }));
}

type Size = Pick<Frame, 'sourceWidth' | 'sourceHeight'>;

function inPixels(box: Box, { sourceWidth, sourceHeight }: Size): Box {
  return {
    left: box.left * sourceWidth,
    top: box.top * sourceHeight,
    right: box.right * sourceWidth,
    bottom: box.bottom * sourceHeight,
  };
}
