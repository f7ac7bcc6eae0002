/**
 * The colours of a person's head, upper body and legs: for each stripe of the box a histogram over CIE L*a*b* (D65) with soft
 * bins, so that a little more light moves the counts a little and not from one bin to the next. Lightness, which changes
 * most, is spread over three bins (quadratic B-spline), the two chroma axes over two each.
 */
import type { Box } from '../../contract/shape.ts';
import { columnWeights, stripes } from './stripes.ts';

/** rgb24. */
export type InputPicture = Readonly<{ pixels: Uint8Array; width: number; height: number }>;

/** Lightness tells most of street clothes apart, hue less: they are grey, blue and brown. */
const lightnessBins = 8;
const chromaBins = 5;
/** Clothes lie within this many units of grey; what is beyond counts to the outermost bin. */
const largestChroma = 30;
const binsOfStripe = lightnessBins * chromaBins * chromaBins;

/** Samples down the box: finer than the pixels of a far person, coarser than those of a near one. */
const rows = 36;

/**
 * Histograms of all stripes, one after the other. Counts are raised to this power: 1 sees the largest patch alone, 1/2
 * (Hellinger) gives the pixels of the background beside the person nearly the same weight.
 */
const power = 0.75;

/** `box` in fractions of the picture; it may reach beyond. */
export function stripeColours({ pixels, width, height }: InputPicture, box: Box): Float32Array {
  const histogram = new Float32Array(stripes.length * binsOfStripe);
  const x = (share: number) => within((box.left + (box.right - box.left) * share) * width, width);
  const columns = columnWeights.map(({ at, weight }) => ({ x: x(at), weight }));
  for (const [index, { from, to }] of stripes.entries()) {
    const steps = Math.round((to - from) * rows);
    for (let step = 0; step < steps; step += 1) {
      const share = from + ((to - from) * (step + 0.5)) / steps;
      const y = within((box.top + (box.bottom - box.top) * share) * height, height);
      for (const column of columns) {
        addPixel(
          histogram,
          index * binsOfStripe,
          pixels,
          (y * width + column.x) * 3,
          column.weight,
        );
      }
    }
  }
  // Most bins stay empty, and a power is dear.
  for (let bin = 0; bin < histogram.length; bin += 1) {
    const count = histogram[bin] ?? 0;
    if (count > 0) histogram[bin] = count ** power;
  }
  return histogram;
}

function within(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, Math.floor(value)));
}

const linear = Float32Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

function addPixel(
  histogram: Float32Array,
  offset: number,
  pixels: Uint8Array,
  at: number,
  weight: number,
): void {
  const red = linear[pixels[at] ?? 0] ?? 0;
  const green = linear[pixels[at + 1] ?? 0] ?? 0;
  const blue = linear[pixels[at + 2] ?? 0] ?? 0;
  const x = lightness((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = lightness(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = lightness((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  const a = placeOf((500 * (x - y)) / (2 * largestChroma) + 0.5);
  const b = placeOf((200 * (y - z)) / (2 * largestChroma) + 0.5);
  const l = Math.max(0, Math.min(lightnessBins - 1e-3, (1.16 * y - 0.16) * lightnessBins));
  const bin = Math.floor(l);
  const over = l - bin;
  addChroma(histogram, offset, bin - 1, a, b, weight * ((1 - over) ** 2 / 2));
  addChroma(histogram, offset, bin, a, b, weight * (0.75 - (over - 0.5) ** 2));
  addChroma(histogram, offset, bin + 1, a, b, weight * (over ** 2 / 2));
}

/** A bin beyond the darkest or the lightest counts to that one. */
function addChroma(
  histogram: Float32Array,
  offset: number,
  lightnessBin: number,
  a: number,
  b: number,
  weight: number,
): void {
  const row = Math.max(0, Math.min(lightnessBins - 1, lightnessBin)) * chromaBins * chromaBins;
  const [binA, binB] = [Math.floor(a), Math.floor(b)];
  const [overA, overB] = [a - binA, b - binB];
  const first = offset + row + binA * chromaBins + binB;
  const below = first + chromaBins;
  histogram[first] = (histogram[first] ?? 0) + weight * ((1 - overA) * (1 - overB));
  histogram[first + 1] = (histogram[first + 1] ?? 0) + weight * ((1 - overA) * overB);
  histogram[below] = (histogram[below] ?? 0) + weight * (overA * (1 - overB));
  histogram[below + 1] = (histogram[below + 1] ?? 0) + weight * (overA * overB);
}

/** CIE 1976: the cube root, with a straight piece near black. */
function lightness(share: number): number {
  return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
}

/** 0..1 of a chroma axis -> a place between the middles of two bins. */
function placeOf(share: number): number {
  return Math.max(0, Math.min(chromaBins - 1.001, share * chromaBins - 0.5));
}
