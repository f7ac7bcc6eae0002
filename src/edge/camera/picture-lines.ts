/**
 * What ffmpeg's `showinfo` filter prints about each decoded picture, in the order of the pictures on stdout: raw video
 * itself carries neither time nor size. `pts_time` is printed with six digits only, so time is pts x time base.
 */

/** `streamTimeMs` is undefined when the picture has no timestamp. */
export type PictureLine = Readonly<{
  /** Which filter of the chain saw it: 0 for the first, right after the decoder. */
  filter: number;
  streamTimeMs: number | undefined;
  sourceWidth: number;
  sourceHeight: number;
  /** The decoder had to guess parts of it. */
  damaged: boolean;
}>;

export type PictureLines = Readonly<{
  /** A picture, `noted` for another line of the filter that needs no keeping, or undefined for what others said. */
  read: (line: string) => PictureLine | 'noted' | undefined;
}>;

/** ffmpeg's word on the picture whose line comes next, of version 5 and of later ones; never a line of metadata. */
const corrupt = /^\S.* corrupt decoded frame(?: in stream \d+)?$/;

export function createPictureLines(): PictureLines {
  let [over, under] = [Number.NaN, 1];
  let [nextIsDamaged, damaged] = [false, false];
  return {
    read: (line) => {
      if (corrupt.test(line)) {
        nextIsDamaged = true;
        return 'noted';
      }
      if (!line.startsWith('[Parsed_showinfo_')) return undefined;
      const base = /\] config in time_base: (\d+)\/(\d+)/.exec(line);
      if (base !== null) {
        [over, under] = [Number(base[1]), Number(base[2])];
        return 'noted';
      }
      const picture = /^\[Parsed_showinfo_(\d+) @ \w+\] n: *\d+ pts: *(\S+) .* s:(\d+)x(\d+) /.exec(
        line,
      );
      if (picture === null) return 'noted';
      const filter = Number(picture[1]);
      if (filter === 0) {
        damaged = nextIsDamaged;
        nextIsDamaged = false;
      }
      const streamTimeMs = (Number(picture[2]) * over * 1000) / under;
      return {
        filter,
        streamTimeMs: Number.isFinite(streamTimeMs) ? streamTimeMs : undefined,
        sourceWidth: Number(picture[3]),
        sourceHeight: Number(picture[4]),
        damaged,
      };
    },
  };
}
