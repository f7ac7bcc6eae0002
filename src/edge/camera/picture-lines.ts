/**
 * What ffmpeg's filters print about the pictures, in the order of the pictures on stdout: raw video itself carries neither
 * time nor size. Of a clip `showinfo` prints each picture. Of a live stream it prints only the first one of each size, and
 * `metadata` a short note of all: `showinfo` writes each line in nine pieces, and each piece wakes its reader.
 * `pts_time` is printed with few digits only, so time is pts x time base.
 */

/** `streamTimeMs` is undefined when the picture has no timestamp. */
export type PictureLine = Readonly<{
  /** Right after the decoder, or handed on by the filter that thins the pictures out. */
  stage: 'decoded' | 'passed-on';
  streamTimeMs: number | undefined;
  sourceWidth: number;
  sourceHeight: number;
  /** The decoder had to guess parts of it. */
  damaged: boolean;
}>;

export type PictureLines = Readonly<{
  /** A picture, `noted` for another line of the filters that needs no keeping, or undefined for what others said. */
  read: (line: string) => PictureLine | 'noted' | undefined;
}>;

/** Prints the first picture after each change of size, before the notes of the same picture. */
export const sizeFilters =
  "split[first][all];[first]select='eq(n,0)',showinfo@size=checksum=0,nullsink;[all]null";

/** Writes two short lines for each picture that passes. */
export function noteFilters(stage: PictureLine['stage']): string {
  const key = `haoguanjia.${stage}`;
  return `metadata=add:key=${key}:value=1,metadata=print:key=${key}:file='pipe\\:2':direct=1`;
}

/** Printed of each picture that passes. */
export const showPictures = 'showinfo=checksum=0';

/** ffmpeg's word on the picture whose line comes next, of version 5 and of later ones; never a line of metadata. */
const corrupt = /^\S.* corrupt decoded frame(?: in stream \d+)?$/;
const noteHead = /^frame:\d+ +pts:(\S+) +pts_time:\S+$/;
const note = /^haoguanjia\.(decoded|passed-on)=1$/;
const shown = /^\[(?:Parsed_showinfo_\d+|showinfo@size) @ \w+\] /;
const timeBase = /\] config in time_base: (\d+)\/(\d+)/;
const picture = /\] n: *\d+ pts: *(\S+) .* s:(\d+)x(\d+) /;

export function createPictureLines(): PictureLines {
  let [over, under] = [Number.NaN, 1];
  let [sourceWidth, sourceHeight] = [0, 0];
  let [nextIsDamaged, damaged] = [false, false];
  let notedPts = '';

  const told = (stage: PictureLine['stage'], pts: string): PictureLine => {
    if (stage === 'decoded') {
      damaged = nextIsDamaged;
      nextIsDamaged = false;
    }
    const time = (Number(pts) * over * 1000) / under;
    const streamTimeMs = Number.isFinite(time) ? time : undefined;
    return { stage, streamTimeMs, sourceWidth, sourceHeight, damaged };
  };
  const readShown = (line: string): PictureLine | 'noted' => {
    const base = timeBase.exec(line);
    if (base !== null) [over, under] = [Number(base[1]), Number(base[2])];
    const found = picture.exec(line);
    if (found === null) return 'noted';
    [sourceWidth, sourceHeight] = [Number(found[2]), Number(found[3])];
    return line.startsWith('[showinfo@size') ? 'noted' : told('decoded', found[1] ?? '');
  };
  return {
    read: (line) => {
      const head = noteHead.exec(line);
      if (head !== null) {
        notedPts = head[1] ?? '';
        return 'noted';
      }
      const noted = note.exec(line);
      if (noted !== null) return told(noted[1] === 'passed-on' ? 'passed-on' : 'decoded', notedPts);
      if (shown.test(line)) return readShown(line);
      if (!corrupt.test(line)) return undefined;
      nextIsDamaged = true;
      return 'noted';
    },
  };
}
