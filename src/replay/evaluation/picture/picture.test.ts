import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { SceneEvent } from '../../../contract/rule-event.ts';
import { createRecording } from '../../recording.ts';
import { evaluate } from '../evaluate.ts';
import type { Truth } from '../truth.ts';
import { drawEvaluation } from './picture.ts';

const size = { width: 200, height: 100 };
/** Foot at (50, 80) and (150, 80). */
const left = { left: 0.2, top: 0.4, right: 0.3, bottom: 0.8 };
const right = { left: 0.7, top: 0.4, right: 0.8, bottom: 0.8 };
const pixels = (box: typeof left) => ({
  ...{ left: box.left * size.width, right: box.right * size.width },
  ...{ top: box.top * size.height, bottom: box.bottom * size.height },
});

const truth: Truth = {
  framesPerSecond: 10,
  rows: [
    { frame: 1, id: 1, box: pixels(left), confidence: 1 },
    { frame: 1, id: 2, box: pixels(right), confidence: 1 },
  ],
  crossings: [
    { ruleId: 'gate', direction: 'a-to-b', frame: 1, box: pixels(left) },
    { ruleId: 'gate', direction: 'a-to-b', frame: 50, box: pixels(right) },
  ],
  watchPoints: [],
  persons: [],
  rules: {
    schemaVersion: 1,
    tripwires: [
      {
        ruleId: 'gate',
        points: [
          [0.5, 0.1],
          [0.5, 0.3],
        ],
      },
    ],
  },
};

it('marks what was right, what was missed and the wire, over the whole picture and at its place', async () => {
  const recording = createRecording();
  const crossed = { kind: 'tripwire-crossed', ruleId: 'gate', direction: 'a-to-b', box: left };
  recording.add(
    { frameNumber: 1, mediaTimeMs: 0, sourceWidth: size.width, sourceHeight: size.height },
    { events: [{ ...crossed, mediaTimeMs: 0 } as unknown as SceneEvent], tracks: [] },
  );
  const png = await drawEvaluation({
    background: { ...size, pixels: new Uint8Array(size.width * size.height * 3) },
    ...{ title: ['5 fps & more'], recording, evaluation: evaluate(recording, truth), truth },
  });
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 2300 + 400, height: 1150 });
  const scale = 1150 / size.height;
  const colourAt = (x: number, y: number) => {
    const at = (Math.round(y * scale) * info.width + Math.round(x * scale)) * 3;
    return [...data.subarray(at, at + 3)];
  };
  expect(colourAt(50, 80)).toEqual([0x34, 0xc7, 0x59]);
  expect(colourAt(154, 80)).toEqual([0xff, 0x9f, 0x0a]);
  expect(colourAt(100, 20)).toEqual([0xff, 0xd6, 0x0a]);
  expect(colourAt(20, 20)).toEqual([0, 0, 0]);
});
