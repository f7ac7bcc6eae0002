/**
 * One band of G.722: the scale of its quantiser and the predictor of its next sample (two poles, six zeros), both adapted
 * from what was coded, so that a decoder follows without being told (blocks 3L/3H and 4L/4H of the recommendation).
 */

export type Band = {
  /** Logarithm of the quantiser's scale (nb). */
  logScale: number;
  scale: number;
  /** Of the next sample (s), and its part from the zeros (sz). */
  prediction: number;
  zeroPrediction: number;
  /** The newest first: reconstructed signals (r), partially reconstructed (p), quantised differences (d). */
  reconstructed: [number, number, number];
  partial: [number, number, number];
  readonly differences: number[];
  poles: [number, number];
  readonly zeros: number[];
};

const lowerScaleSteps = [-60, -30, 58, 172, 334, 538, 1198, 3042];
const levelOfCode = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0];
/** 2048 * 2^(i/32) */
const antilog = Array.from({ length: 32 }, (_, index) => Math.round(2048 * 2 ** (index / 32)));

export function createBand(scale: number): Band {
  return {
    logScale: 0,
    scale,
    prediction: 0,
    zeroPrediction: 0,
    reconstructed: [0, 0, 0],
    partial: [0, 0, 0],
    differences: [0, 0, 0, 0, 0, 0, 0],
    poles: [0, 0],
    zeros: [0, 0, 0, 0, 0, 0],
  };
}

export function scaleLower(band: Band, coarseCode: number): void {
  const step = lowerScaleSteps[levelOfCode[coarseCode] ?? 0] ?? 0;
  band.logScale = within(((band.logScale * 127) >> 7) + step, 0, 18432);
  band.scale = antilogOf(band.logScale, 8);
}

export function scaleUpper(band: Band, code: number): void {
  const step = code === 0 || code === 2 ? 798 : -214;
  band.logScale = within(((band.logScale * 127) >> 7) + step, 0, 22528);
  band.scale = antilogOf(band.logScale, 10);
}

function antilogOf(logScale: number, shift: number): number {
  const mantissa = antilog[(logScale >> 6) & 31] ?? 0;
  const exponent = shift - (logScale >> 11);
  return (exponent < 0 ? mantissa << -exponent : mantissa >> exponent) << 2;
}

/** Takes in the quantised difference of the sample that was just coded, and predicts the next. */
export function update(band: Band, quantised: number): void {
  band.differences.pop();
  band.differences.unshift(quantised);
  const [r1, r2] = band.reconstructed;
  band.reconstructed = [saturate(band.prediction + quantised), r1, r2];
  const [p1, p2] = band.partial;
  band.partial = [saturate(band.zeroPrediction + quantised), p1, p2];
  band.poles = adaptedPoles(band);
  adaptZeros(band, quantised);
  predict(band);
}

function adaptedPoles({ poles: [a1, a2], partial }: Band): [number, number] {
  const [now, before, earlier] = partial.map((value) => (value < 0 ? 1 : 0));
  const signedPole = saturate(a1 << 2);
  const coupling = Math.min(now === before ? -signedPole : signedPole, 32767);
  const direction = now === earlier ? 128 : -128;
  const second = within((coupling >> 7) + direction + ((a2 * 32512) >> 15), -12288, 12288);
  const limit = saturate(15360 - second);
  const first = (now === before ? 192 : -192) + ((a1 * 32640) >> 15);
  return [within(saturate(first), -limit, limit), second];
}

function adaptZeros(band: Band, quantised: number): void {
  const gain = quantised === 0 ? 0 : 128;
  for (let index = 0; index < 6; index += 1) {
    const isSameSign = quantised < 0 === (band.differences[index + 1] ?? 0) < 0;
    const leaked = ((band.zeros[index] ?? 0) * 32640) >> 15;
    band.zeros[index] = saturate((isSameSign ? gain : -gain) + leaked);
  }
}

function predict(band: Band): void {
  const [r1, r2] = band.reconstructed;
  const [a1, a2] = band.poles;
  const fromPoles = saturate(((a1 * saturate(r1 + r1)) >> 15) + ((a2 * saturate(r2 + r2)) >> 15));
  let fromZeros = 0;
  for (let index = 5; index >= 0; index -= 1) {
    const difference = band.differences[index] ?? 0;
    fromZeros += ((band.zeros[index] ?? 0) * saturate(difference + difference)) >> 15;
  }
  band.zeroPrediction = saturate(fromZeros);
  band.prediction = saturate(fromPoles + band.zeroPrediction);
}

function saturate(value: number): number {
  return within(value, -32768, 32767);
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
