/** The passes of one person, seen side by side in the snapshot of the event that the last of them raises. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { SceneEvent } from '../contract/rule-event.ts';
import { crossingDraft } from '../testing/events.ts';
import type { Frame } from './camera/frame.ts';
import { drawSnapshot } from './evidence.ts';
import { createFrameFlow } from './frame-flow.ts';
import { createPassPictures, type PassPictures } from './pass-pictures.ts';
import { createScene } from './scene/scene.ts';

type Colour = readonly [number, number, number];

const [width, height] = [640, 480];
const startedAtMs = Date.UTC(2026, 10, 24, 2, 0, 0);
const watchPoint = { ruleId: 'corner', centre: [0.5, 0.8], radiusOfHeight: 0.1 } as const;
const rules = {
  schemaVersion: 1 as const,
  watchPoints: [{ ...watchPoint, centre: [0.5, 0.8] as [number, number] }],
};
const coats: readonly Colour[] = [
  [220, 30, 30],
  [30, 200, 30],
  [40, 40, 220],
];
const grey: Colour = [90, 90, 90];

function boxAt(x: number) {
  return { left: x - 0.05, right: x + 0.05, top: 0.45, bottom: 0.8 };
}

/** Grey, with somebody in a coat of that colour in the box. */
function frameWith(coat: Colour, x: number | undefined, mediaTimeMs: number): Frame {
  const pixels = new Uint8Array(width * height * 3).fill(grey[0]);
  if (x !== undefined) {
    const box = boxAt(x);
    for (let y = Math.round(box.top * height); y < Math.round(box.bottom * height); y += 1) {
      const [from, to] = [Math.round(box.left * width), Math.round(box.right * width)];
      for (let at = from; at < to; at += 1) pixels.set(coat, (y * width + at) * 3);
    }
  }
  return {
    cameraId: 'cam-1',
    frameNumber: 1 + mediaTimeMs / 200,
    capturedAtMs: startedAtMs + mediaTimeMs,
    mediaTimeMs,
    width,
    height,
    sourceWidth: width,
    sourceHeight: height,
    pixels,
  };
}

/** The same looks, three times through the point, each time in a coat of another colour: a coat is no part of the looks. */
async function passThreeTimes(pictures: PassPictures) {
  const scene = createScene({ rules, aspectRatio: width / height });
  const snapshots: { event: SceneEvent; jpeg: Uint8Array }[] = [];
  let event: SceneEvent | undefined;
  let x: number | undefined;
  const flow = createFrameFlow({
    wantsLook: () => true,
    detect: async () =>
      x === undefined
        ? []
        : [
            {
              box: boxAt(x),
              label: 'person',
              confidence: 0.8,
              appearance: Float32Array.of(0.6, 0.8),
            },
          ],
    observe: scene.observe,
    looked: () => undefined,
    keepPasses: pictures.keep,
    report: (reported) => {
      event = reported;
      return 1;
    },
    drawSnapshot: (frame, detections, reported) =>
      drawSnapshot(frame, detections, reported, rules.watchPoints[0], pictures.of(reported)),
    attachSnapshot: (_id, jpeg) => {
      if (event !== undefined) snapshots.push({ event, jpeg });
    },
    now: () => startedAtMs,
  });
  for (const [nth, coat] of coats.entries()) {
    for (let atMs = 0; atMs <= 30_000; atMs += 200) {
      x = atMs > 10_000 ? undefined : 0.02 + (0.96 * atMs) / 10_000;
      await flow.take(frameWith(coat, x, nth * 30_200 + atMs));
    }
  }
  return snapshots;
}

/** Share of the pixels of a part of the picture that have about that colour. */
async function shareOf(jpeg: Uint8Array, colour: Colour, fromX: number, toX: number) {
  const { data, info } = await sharp(jpeg)
    .extract({ left: fromX, top: 0, width: toX - fromX, height: Math.round(0.25 * height) })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const count = info.width * info.height;
  let alike = 0;
  for (let at = 0; at < count; at += 1) {
    const far = colour.some(
      (part, of) => Math.abs((data[at * info.channels + of] ?? 0) - part) > 50,
    );
    if (!far) alike += 1;
  }
  return alike / count;
}

const tenMinutes = { windowMsOf: () => 600_000 };
const cell = 106;

describe('the third pass', () => {
  it('shows the three passes side by side, each as it was, in a snapshot of the usual size', async () => {
    const [snapshot, ...others] = await passThreeTimes(createPassPictures(tenMinutes));
    if (snapshot === undefined) throw new Error('nothing was told');
    const { event, jpeg } = snapshot;
    expect(others).toEqual([]);
    expect(event).toMatchObject({ kind: 'pass-loitering' });
    expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width, height });
    const from = event.box.left > 0.5 ? 0 : width - 3 * cell;
    for (const [nth, coat] of coats.entries()) {
      const shares = await Promise.all(
        coats.map((one) => shareOf(jpeg, one, from + nth * cell, from + (nth + 1) * cell - 4)),
      );
      for (const [of, share] of shares.entries()) {
        if (coats[of] === coat) expect(share).toBeGreaterThan(0.15);
        else expect(share).toBeLessThan(0.02);
      }
    }
  });

  it('shows an empty place with its time for a pass whose picture is gone', async () => {
    const pictures = createPassPictures(tenMinutes);
    const [snapshot] = await passThreeTimes(pictures);
    if (snapshot?.event.kind !== 'pass-loitering') throw new Error('nothing was told');
    expect(pictures.of(snapshot.event).map(({ jpeg }) => jpeg !== undefined)).toEqual([
      true,
      true,
      true,
    ]);
    pictures.forgetAll();
    const gone = pictures.of(snapshot.event);
    expect(gone.map(({ jpeg }) => jpeg)).toEqual([undefined, undefined, undefined]);
    const frame = frameWith(grey, undefined, 70_000);
    const jpeg = await drawSnapshot(frame, [], snapshot.event, rules.watchPoints[0], gone);
    const from = snapshot.event.box.left > 0.5 ? 0 : width - 3 * cell;
    expect(await shareOf(jpeg, [0, 0, 0], from, from + cell - 4)).toBeGreaterThan(0.9);
  });
});

describe('pictures of passes', () => {
  const pass = (nth: number) => ({
    ruleId: 'corner',
    trackId: nth,
    startedAtMs: startedAtMs + nth,
    box: boxAt(0.5),
  });

  it('are forgotten when the window is over, and the oldest when there are too many', async () => {
    const pictures = createPassPictures({ windowMsOf: () => 60_000 });
    const keep = (nth: number, mediaTimeMs: number) =>
      pictures.keep(frameWith([200, 0, 0], 0.5, mediaTimeMs), {
        begunPasses: [pass(nth)],
        tracks: [],
      });
    for (let nth = 0; nth < 320; nth += 1) await keep(nth, 0);
    expect(pictures.remembered()).toBe(300);
    await keep(999, 61_000);
    expect(pictures.remembered()).toBe(1);
  });

  it('are of nobody else, and none for other events', async () => {
    const pictures = createPassPictures(tenMinutes);
    await pictures.keep(frameWith([200, 0, 0], 0.5, 0), { begunPasses: [pass(1)], tracks: [] });
    const { direction: _, ...common } = crossingDraft({ ruleId: 'corner' });
    const passes = [pass(1), pass(2)].map((one) => ({
      ...one,
      mediaTimeMs: 0,
      link: 'certain' as const,
    }));
    const event = { ...common, kind: 'pass-loitering', passes } as SceneEvent;
    expect(pictures.of(event).map(({ jpeg }) => jpeg !== undefined)).toEqual([true, false]);
    expect(pictures.of(crossingDraft() as SceneEvent)).toEqual([]);
  });
});

it('keeps no picture that was being cut out when something was hidden', async () => {
  const pictures = createPassPictures({ windowMsOf: () => 600_000 });
  const box = boxAt(0.5);
  const begunPasses = [{ ruleId: 'corner', trackId: 1, startedAtMs, box }];
  const kept = pictures.keep(frameWith([200, 30, 30], 0.5, 0), { begunPasses, tracks: [] });
  pictures.forgetAll();
  await kept;
  expect(pictures.remembered()).toBe(0);
});
