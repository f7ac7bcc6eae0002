/** What is kept of tracks: hundreds that have ended are kept for minutes on a busy camera, so no more than is needed. */
import { expect, it } from 'vitest';
import type { Track } from '../tracking/track.ts';
import { identityConstants as constants } from './identity-settings.ts';
import { endTracklet, likenessOf, seeTrack, startTracklet, type Tracklet } from './tracklet.ts';

const box = { left: 0.4, top: 0.2, right: 0.5, bottom: 0.6 };

function trackOf(trackId: number, axis: number, nowMs: number): Track {
  const look = new Float32Array(8);
  look[axis % 8] = 1;
  const facts = { state: 'confirmed', label: 'person', confidence: 0.7, box } as const;
  return { trackId, ...facts, firstSeenMs: 0, lastSeenMs: nowMs, look };
}

/** Seen each half second, with another look every three seconds. */
function seenFor(trackId: number, seconds: number, firstAxis = 0): Tracklet {
  const tracklet = startTracklet(trackOf(trackId, firstAxis, 0));
  for (let nowMs = 500; nowMs <= seconds * 1000; nowMs += 500)
    seeTrack(tracklet, trackOf(trackId, firstAxis + Math.floor(nowMs / 3000), nowMs), nowMs);
  return tracklet;
}

it('the looks of a track that has ended are compared as before, and lie in one piece of memory', () => {
  const ended = seenFor(1, 12);
  const others = [seenFor(2, 3), seenFor(3, 12), seenFor(4, 9, 1)];
  const before = others.map((one) => likenessOf(one, ended));
  expect(ended.looks.length).toBeGreaterThan(2);
  expect(Math.min(...before)).toBeGreaterThan(0.9);
  const count = ended.looks.length;
  endTracklet(ended);
  expect(ended.looks).toEqual([]);
  expect(ended.outline?.vectors).toHaveLength((count + 1) * 8);
  for (const [at, one] of others.entries())
    expect(likenessOf(one, ended)).toBeCloseTo(before[at] ?? 0, 6);
});

it('what comparisons have shown is kept only while somebody asks who it is', () => {
  const ended = seenFor(1, 6);
  endTracklet(ended);
  const young = seenFor(2, 2);
  const found = likenessOf(young, ended);
  expect(young.compared?.size()).toBe(1);

  const old = seenFor(3, constants.lastAskSeconds - 1);
  expect(likenessOf(old, ended)).toBeGreaterThan(0);
  for (let nowMs = 60_000; nowMs <= 62_000; nowMs += 500)
    seeTrack(old, trackOf(3, 0, nowMs), nowMs);
  expect(old.compared).toBeUndefined();

  endTracklet(young);
  expect(young.compared).toBeUndefined();
  expect(likenessOf(seenFor(4, 2), ended)).toBeCloseTo(found, 6);
});
