/**
 * How much of a stream arrives damaged, over the last ten seconds, and whether that is worth a word. Pure: the
 * monotonic clock is passed in. It is said when more than 5 % are damaged, and taken back below 2 %, so that a share
 * near the limit does not come and go.
 */

export type StreamQuality = Readonly<{
  decoded: (damaged: boolean, nowMs: number) => void;
  /** The damaged share in percent while it is worth a word. */
  damagedPercent: () => number | undefined;
}>;

const windowMs = 10_000;
const sayAbove = 0.05;
const takeBackBelow = 0.02;
/** Fewer pictures than this prove nothing. */
const leastPictures = 20;

type Span = Readonly<{ pictures: number; damaged: number }>;

const empty: Span = { pictures: 0, damaged: 0 };

export function createStreamQuality(): StreamQuality {
  let startedAt: number | undefined;
  let span = empty;
  let percent: number | undefined;
  return {
    decoded: (damaged, nowMs) => {
      startedAt ??= nowMs;
      span = { pictures: span.pictures + 1, damaged: span.damaged + (damaged ? 1 : 0) };
      if (nowMs - startedAt < windowMs || span.pictures < leastPictures) return;
      const share = span.damaged / span.pictures;
      const isSaid = share > sayAbove || (percent !== undefined && share >= takeBackBelow);
      percent = isSaid ? Math.round(share * 100) : undefined;
      startedAt = nowMs;
      span = empty;
    },
    damagedPercent: () => percent,
  };
}
