import { describe, expect, it } from 'vitest';
import type { SceneTrack } from '../edge/scene/scene.ts';
import { createRecording } from './recording.ts';

const size = { sourceWidth: 200, sourceHeight: 100 };
const box = { left: 0.1, top: 0.2, right: 0.2, bottom: 0.6 };

function track(more: Partial<SceneTrack>): SceneTrack {
  return {
    ...{ trackId: 1, personId: 1, state: 'confirmed', label: 'person', confidence: 0.8, box },
    ...{ firstSeenMs: 0, lastSeenMs: 0 },
    ...more,
  };
}

/** One frame a second from 1, ten source frames apart. */
function record(...frames: readonly (readonly SceneTrack[])[]) {
  const recording = createRecording();
  for (const [index, tracks] of frames.entries()) {
    const frame = { ...size, frameNumber: index * 10 + 1, mediaTimeMs: index * 1000 };
    recording.add(frame, { events: [], tracks });
  }
  return recording;
}

describe('a recording', () => {
  it('has a row for each track that was seen, in source pixels, none while it is lost', () => {
    const recording = record([track({})], [track({ state: 'lost' })], [track({ trackId: 2 })]);
    expect(recording.trackRows().map(({ frame, id }) => [frame, id])).toEqual([
      [1, 1],
      [21, 2],
    ]);
    expect(recording.trackRows()[0]?.box).toEqual({ left: 20, top: 20, right: 40, bottom: 60 });
  });

  it('tells where a track was before it was confirmed, as far as those frames were analysed', () => {
    const earlierPoints = [-500, 0, 1000].map((mediaTimeMs) => ({ mediaTimeMs, box }));
    const recording = record([], [], [track({ earlierPoints })]);
    expect(recording.trackRows().map(({ frame }) => frame)).toEqual([1, 11, 21]);
  });

  it('leaves out where a body was still coming in over the edge before its track was confirmed', () => {
    const part = { ...box, left: 0, right: 0.05 };
    const earlierPoints = [
      { mediaTimeMs: 0, box: part },
      { mediaTimeMs: 1000, box },
    ];
    const recording = record([], [], [track({ earlierPoints })], [track({ box: part })]);
    expect(recording.trackRows().map(({ frame }) => frame)).toEqual([11, 21, 31]);
  });

  it('tells where somebody was who stands at the edge for good, cut by it', () => {
    const part = { ...box, left: 0, right: 0.05 };
    const earlierPoints = [{ mediaTimeMs: 0, box: part }];
    const recording = record([], [track({ box: part, earlierPoints })]);
    expect(recording.trackRows().map(({ frame }) => frame)).toEqual([1, 11]);
  });

  it('writes all of a track under the person that it was known to be in the end', () => {
    const recording = record(
      [track({ trackId: 5, personId: 5 })],
      [track({ trackId: 5, personId: 2 }), track({ trackId: 6, personId: 6 })],
    );
    expect(recording.personRows().map(({ frame, id }) => [frame, id])).toEqual([
      [1, 2],
      [11, 2],
      [11, 6],
    ]);
    expect(recording.trails().map(({ trackId, personId }) => [trackId, personId])).toEqual([
      [5, 2],
      [6, 6],
    ]);
  });
});
