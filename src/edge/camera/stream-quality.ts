/**
 * How much of a stream arrives damaged, over the last ten seconds, and whether that is worth a word. Pure: the
 * monotonic clock is passed in. It is said when more than 5 % are damaged, and taken back below 2 %, so that a share
 * near the limit does not come and go. Two witnesses are heard, and the worse one believed: what the decoder flags or
 * cannot decode at all, and the holes in the numbers of the packets, which a decoder does not always notice.
 */

export type StreamQuality = Readonly<{
  decoded: (damaged: boolean, nowMs: number) => void;
  /** Bytes came of which no picture could be made. */
  undecodable: (nowMs: number) => void;
  /** So many pictures lost packets on the way. */
  harmed: (pictures: number, nowMs: number) => void;
  /** The damaged share in percent while it is worth a word, in steps that do not change with each picture. */
  damagedPercent: () => number | undefined;
}>;

const windowSeconds = 10;
const sayAbove = 0.05;
const takeBackBelow = 0.02;
/** Fewer pictures than this prove nothing. */
const leastPictures = 20;
/** Another share is told when it differs by so many points or by so much of itself. */
const percentStep = 15;
const percentRatio = 1.5;

type Second = { readonly atSecond: number; pictures: number; flagged: number; harmed: number };

export function createStreamQuality(): StreamQuality {
  let startedAtMs: number | undefined;
  let seconds: Second[] = [];
  let percent: number | undefined;

  const secondOf = (nowMs: number): Second => {
    startedAtMs ??= nowMs;
    const atSecond = Math.floor(nowMs / 1000);
    const newest = seconds.at(-1);
    if (newest?.atSecond === atSecond) return newest;
    const opened = { atSecond, pictures: 0, flagged: 0, harmed: 0 };
    seconds = [...seconds.filter((one) => one.atSecond > atSecond - windowSeconds), opened];
    return opened;
  };
  const judge = (nowMs: number): void => {
    if (nowMs - (startedAtMs ?? nowMs) < windowSeconds * 1000) return;
    const share = damagedShare(seconds);
    if (share === undefined) return;
    const isSaid = share > sayAbove || (percent !== undefined && share >= takeBackBelow);
    const now = Math.max(1, Math.round(share * 100));
    if (!isSaid) percent = undefined;
    else if (percent === undefined || isAnother(percent, now)) percent = now;
  };
  const count = (what: 'flagged' | 'harmed', pictures: number, many: number, nowMs: number) => {
    const second = secondOf(nowMs);
    second.pictures += pictures;
    second[what] += many;
    judge(nowMs);
  };

  return {
    decoded: (damaged, nowMs) => count('flagged', 1, damaged ? 1 : 0, nowMs),
    undecodable: (nowMs) => count('flagged', 1, 1, nowMs),
    harmed: (pictures, nowMs) => count('harmed', 0, pictures, nowMs),
    damagedPercent: () => percent,
  };
}

function isAnother(told: number, now: number): boolean {
  const [less, more] = told < now ? [told, now] : [now, told];
  return more - less >= percentStep || more >= less * percentRatio;
}

function damagedShare(seconds: readonly Second[]): number | undefined {
  let [pictures, flagged, harmed] = [0, 0, 0];
  for (const second of seconds) {
    pictures += second.pictures;
    flagged += second.flagged;
    harmed += second.harmed;
  }
  if (pictures < leastPictures) return undefined;
  return Math.min(1, Math.max(flagged, harmed) / pictures);
}
