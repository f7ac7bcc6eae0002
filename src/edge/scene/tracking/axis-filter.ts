/**
 * Kalman filter of one coordinate with its rate of change (the constant-velocity model with white acceleration noise
 * of Bar-Shalom, Li and Kirubarajan, "Estimation with Applications to Tracking and Navigation", section 6.3.2).
 * The step is real time, so uneven frame intervals need no special care. Units are the caller's; rates are per second.
 */
import { motionConstants as constants } from './tracker-settings.ts';

/** `variance` is of the value, `rateVariance` of the rate, `covariance` between the two. */
export type AxisState = Readonly<{
  value: number;
  rate: number;
  variance: number;
  covariance: number;
  rateVariance: number;
}>;

/** A first measurement: nothing is known about the rate but its likely size. */
export function startAxis(value: number, deviation: number, rateDeviation: number): AxisState {
  const rateVariance = rateDeviation ** 2;
  return { value, rate: 0, variance: deviation ** 2, covariance: 0, rateVariance };
}

/** `acceleration` is the standard deviation of the unknown acceleration. */
export function predictAxis(state: AxisState, seconds: number, acceleration: number): AxisState {
  const noise = acceleration ** 2;
  return {
    value: state.value + state.rate * seconds,
    rate: state.rate,
    variance:
      state.variance +
      2 * seconds * state.covariance +
      seconds ** 2 * state.rateVariance +
      (noise * seconds ** 4) / 4,
    covariance: state.covariance + seconds * state.rateVariance + (noise * seconds ** 3) / 2,
    rateVariance: state.rateVariance + noise * seconds ** 2,
  };
}

/** `deviation` is the standard deviation of the measurement. */
export function correctAxis(state: AxisState, measured: number, deviation: number): AxisState {
  const surprise = measured - state.value;
  const expected = constants.believedDeviations * Math.sqrt(state.variance + deviation ** 2);
  const believed = deviation * Math.max(1, Math.abs(surprise) / expected);
  const total = state.variance + believed ** 2;
  const gain = state.variance / total;
  const rateGain = state.covariance / total;
  return {
    value: state.value + gain * surprise,
    rate: state.rate + rateGain * surprise,
    variance: (1 - gain) * state.variance,
    covariance: (1 - gain) * state.covariance,
    rateVariance: state.rateVariance - rateGain * state.covariance,
  };
}
