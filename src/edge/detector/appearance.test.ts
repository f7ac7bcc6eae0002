import { describe, expect, it } from 'vitest';
import { createDescriber } from './appearance.ts';
import type { RawTensor } from './raw-detection.ts';

type Colour = readonly [red: number, green: number, blue: number];
type Clothes = Readonly<{ hair: Colour; coat: Colour; trousers: Colour }>;

const width = 160;
const height = 96;
const grey: Colour = [120, 120, 118];
const red: Colour = [170, 40, 45];
const blue: Colour = [45, 60, 150];
const jeans: Colour = [70, 85, 120];
const dark: Colour = [35, 32, 30];
const box = { left: 0.4, top: 0.2, right: 0.55, bottom: 0.9 };

/** A figure in flat colours that fills the middle half of the box, on a background. */
function paint(clothes: Clothes, options: { background?: Colour; light?: number } = {}) {
  const { background = grey, light = 1 } = options;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const across = (x / width - box.left) / (box.right - box.left);
      const down = (y / height - box.top) / (box.bottom - box.top);
      const isPerson = across > 0.25 && across < 0.75 && down > 0 && down < 1;
      const worn = down < 0.18 ? clothes.hair : down < 0.52 ? clothes.coat : clothes.trousers;
      const colour = isPerson ? worn : background;
      pixels.set(
        colour.map((value) => Math.min(255, value * light)),
        (y * width + x) * 3,
      );
    }
  }
  return { pixels, width, height };
}

/** A map of features whose second channel is high in the lower half of the box alone. */
function features(lower: number): RawTensor {
  const [rows, columns] = [24, 40];
  const data = new Float32Array(2 * rows * columns);
  for (let cell = 0; cell < rows * columns; cell += 1) {
    data[cell] = Math.sin(cell);
    const y = Math.floor(cell / columns) / rows;
    data[rows * columns + cell] = Math.cos(cell) + (y > 0.6 && y < 0.9 ? lower : 0);
  }
  return { dims: [1, 2, rows, columns], data };
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

const redCoat: Clothes = { hair: dark, coat: red, trousers: jeans };
const blueCoat: Clothes = { hair: dark, coat: blue, trousers: jeans };
const look = (picture: ReturnType<typeof paint>, map?: RawTensor) =>
  createDescriber(picture, map)(box);

describe('the appearance vector', () => {
  it('has the length 1, with and without features, and is the same for the same picture', () => {
    for (const map of [undefined, features(2)]) {
      const vector = look(paint(redCoat), map);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      expect(look(paint(redCoat), map)).toEqual(vector);
      expect(vector.buffer.byteLength).toBe(vector.byteLength);
    }
    expect(look(paint(redCoat), features(2)).length - look(paint(redCoat)).length).toBe(3 * 2);
  });

  it.each<[string, Parameters<typeof paint>[1]]>([
    ['in other light', { light: 0.8 }],
    ['before another background', { background: [90, 110, 80] }],
    ['in other light before another background', { light: 1.15, background: [150, 140, 130] }],
  ])('tells a red coat from a blue one, %s', (_, options) => {
    const again = look(paint(redCoat, options));
    const other = look(paint(blueCoat));
    const same = cosine(again, look(paint(redCoat)));
    expect(same).toBeGreaterThan(0.75);
    expect(same - cosine(again, other)).toBeGreaterThan(0.15);
  });

  it('knows where on the body the colours are', () => {
    const swapped: Clothes = { hair: dark, coat: jeans, trousers: red };
    expect(cosine(look(paint(redCoat)), look(paint(swapped)))).toBeLessThan(0.6);
  });

  it('looks at the middle of the box more than at its sides', () => {
    const sides = look(paint(redCoat, { background: blue }));
    const middle = look(paint({ hair: red, coat: red, trousers: red }, { background: blue }));
    const background = look(paint({ hair: blue, coat: blue, trousers: blue }));
    expect(cosine(sides, middle)).toBeGreaterThan(cosine(sides, background));
  });

  it('takes in what the first layers see, whatever the contrast of the picture', () => {
    const [plain, striped] = [features(0), features(4)];
    const picture = paint(redCoat);
    expect(cosine(look(picture, plain), look(picture, striped))).toBeLessThan(0.95);
    const doubled = { ...striped, data: striped.data.map((value) => value * 2 + 1) };
    expect(cosine(look(picture, doubled), look(picture, striped))).toBeGreaterThan(0.999);
  });

  it('stays finite for a box beyond the edge and for a picture of one colour', () => {
    const flat = paint({ hair: grey, coat: grey, trousers: grey });
    const map = { dims: [1, 2, 24, 40], data: new Float32Array(2 * 24 * 40) };
    const outside = { left: -0.2, top: 0.7, right: 0.1, bottom: 1.4 };
    const vector = createDescriber(flat, map)(outside);
    expect(vector.every(Number.isFinite)).toBe(true);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });
});
