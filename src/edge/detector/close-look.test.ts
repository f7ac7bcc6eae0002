/** The real model on a real picture laid small into one of 1920x1080: who is not seen in the whole is seen in a crop. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Box } from '../../contract/shape.ts';
import { readClip } from '../camera/clip-reader.ts';
import type { Frame } from '../camera/frame.ts';
import { iou } from '../geometry/iou.ts';
import { createLocalDetector } from './local-detector.ts';

const large = { width: 1920, height: 1080 };
const place = { left: 1200, top: 500, width: 288, height: 216 };

async function firstFrame(): Promise<Frame> {
  const clip = 'test-fixtures/clips/town-square.mp4';
  for await (const frame of readClip({ path: clip, analysisFps: 5 })) return frame;
  throw new Error('the clip is empty');
}

async function laidSmall(frame: Frame): Promise<Frame> {
  const { width, height, pixels } = frame;
  const small = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(place.width, place.height)
    .png()
    .toBuffer();
  const picture = await sharp({ create: { ...large, channels: 3, background: '#6b6f66' } })
    .composite([{ input: small, left: place.left, top: place.top }])
    .removeAlpha()
    .raw()
    .toBuffer();
  const size = { ...large, sourceWidth: large.width, sourceHeight: large.height };
  return { ...frame, ...size, pixels: picture };
}

test('people 30 pixels tall in a picture of 1920x1080 are found in a crop and not in the whole', async () => {
  const detector = await createLocalDetector('models/nanodet-416x320-int8.manifest.json');
  try {
    const frame = await firstFrame();
    const people = (await detector.detect(frame)).filter(({ confidence }) => confidence > 0.5);
    const expected = people.map(
      ({ box }): Box => ({
        left: (place.left + box.left * place.width) / large.width,
        top: (place.top + box.top * place.height) / large.height,
        right: (place.left + box.right * place.width) / large.width,
        bottom: (place.top + box.bottom * place.height) / large.height,
      }),
    );
    const picture = await laidSmall(frame);
    const recall = async (crops: readonly Box[]): Promise<number> => {
      const found = await detector.detect(picture, { whole: true, crops });
      const seen = expected.filter((box) =>
        found.some((one) => one.confidence >= 0.3 && iou(one.box, box) >= 0.5),
      );
      return seen.length / expected.length;
    };
    const crop = { left: 1190 / 1920, top: 490 / 1080, right: 1467 / 1920, bottom: 703 / 1080 };
    expect(people.length).toBeGreaterThanOrEqual(3);
    expect(await recall([])).toBe(0);
    expect(await recall([crop])).toBeGreaterThan(0.6);
  } finally {
    await detector.close();
  }
});
