/**
 * Which pictures of a stream are analysed: about `analysisFps` of them a second by media time, as evenly as the source
 * allows, none invented. A picture is taken when it is the nearest one to the next due time, judged by the source's
 * usual spacing, so that jitter neither doubles nor swallows one. Pure; one decimator for each stream.
 */

export type Decimator = Readonly<{
  /** Told of every decoded picture, to learn the source's spacing. Times must not go back. */
  decoded: (mediaTimeMs: number) => void;
  /** Asked of a picture that was just decoded. */
  take: (mediaTimeMs: number) => boolean;
}>;

/** Weight of a new spacing in the running mean of the source's spacing. */
const spacingWeight = 0.1;

export function createDecimator(analysisFps: number): Decimator {
  const interval = 1000 / analysisFps;
  let dueAt: number | undefined;
  let lastTime: number | undefined;
  let spacing: number | undefined;

  return {
    decoded: (mediaTimeMs) => {
      if (lastTime !== undefined) {
        const step = Math.min(mediaTimeMs - lastTime, interval);
        spacing = spacing === undefined ? step : spacing + (step - spacing) * spacingWeight;
      }
      lastTime = mediaTimeMs;
    },
    take: (mediaTimeMs) => {
      const reach = (spacing ?? 0) / 2;
      if (dueAt !== undefined && mediaTimeMs + reach < dueAt) return false;
      const next = (dueAt ?? mediaTimeMs) + interval;
      // After a gap the grid starts anew instead of catching up.
      dueAt = next > mediaTimeMs ? next : mediaTimeMs + interval;
      return true;
    },
  };
}
