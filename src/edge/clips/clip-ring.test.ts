/** Which fragments of the stream become the clip of an event. */
import { expect, test } from 'vitest';
import { createClipRing, type RawClip } from './clip-ring.ts';

const bytes = new Uint8Array(1000);
const open = (clips: RawClip[]) => {
  const ring = createClipRing({ preRollSeconds: 5, postRollSeconds: 10 }, (clip) =>
    clips.push(clip),
  );
  ring.opened(new Uint8Array(10));
  /** Fragments of two seconds up to the time. */
  const until = (fromMs: number, toMs: number): void => {
    for (let startMs = fromMs; startMs < toMs; startMs += 2000)
      ring.fragment({ bytes, startMs, endMs: startMs + 2000 });
  };
  return { ring, until };
};
const spanOf = (clip: RawClip | undefined) => [
  clip?.fragments[0]?.startMs,
  clip?.fragments.at(-1)?.endMs,
];

test('a clip has the whole pre-roll and the whole post-roll, and no more than a fragment on top', () => {
  const clips: RawClip[] = [];
  const { ring, until } = open(clips);
  until(0, 60_000);
  ring.event('a', 59_000);
  until(60_000, 80_000);
  expect(clips.map(({ eventIds }) => eventIds)).toEqual([['a']]);
  expect(spanOf(clips[0])).toEqual([54_000, 70_000]);
  expect(ring.bytes()).toBeLessThanOrEqual(6000);
});

test('events that follow closely share a clip, up to a minute; then another begins', () => {
  const clips: RawClip[] = [];
  const { ring, until } = open(clips);
  until(0, 10_000);
  for (let atMs = 10_000; atMs <= 90_000; atMs += 8000) {
    ring.event(`event-${atMs}`, atMs);
    until(atMs, atMs + 8000);
  }
  until(98_000, 120_000);
  expect(clips.flatMap(({ eventIds }) => eventIds)).toHaveLength(11);
  expect(clips.length).toBe(2);
  for (const clip of clips) {
    const [startMs = 0, endMs = 0] = spanOf(clip);
    expect(endMs - startMs).toBeLessThanOrEqual(64_000);
  }
});

test('a stream that ends, or begins anew, ends the clip with what there is; without pictures there is none', () => {
  const clips: RawClip[] = [];
  const { ring, until } = open(clips);
  ring.event('blind', 0);
  ring.closed();
  expect(clips).toEqual([]);
  until(0, 6000);
  ring.event('cut', 6000);
  ring.opened(new Uint8Array(10));
  expect(clips.map(({ eventIds }) => eventIds)).toEqual([['cut']]);
  until(6000, 8000);
  ring.event('hidden', 8000);
  ring.forgotten();
  until(8000, 30_000);
  expect(clips).toHaveLength(1);
});
