/**
 * Decoding in hardware where it is asked for, and in software where that cannot be had: ffmpeg ends when it finds no
 * device, and goes on in software by itself when the device does not know the codec. Both are told.
 */
import type { HardwareDecoder } from './ffmpeg-arguments.ts';

export type HardwareDecoding = Readonly<{
  /** What the next ffmpeg is asked for; undefined is software. */
  next: () => HardwareDecoder | undefined;
  /** Told of each line of ffmpeg. */
  line: (line: string) => void;
  /** True once when the attempt that just ended failed for want of the hardware: to be tried again at once. */
  gaveUp: () => boolean;
}>;

const noDevice =
  /No device available for decoder|Device setup failed for decoder|Device creation failed|Unrecognized hwaccel|Unknown (?:HW device|hwaccel)/;
const notForThis = /Failed setup for format|hwaccel initialisation returned error/;
/** What ffmpeg says of the cause, just before. */
const cause =
  /Cannot load (\S+)|Cannot open (?:a |the )?(?:VA|X11|drm)? ?display|No VA display found for device (\S+)/i;

export function createHardwareDecoding(
  cameraId: string,
  wanted: HardwareDecoder | undefined,
  warn: (sentence: string) => void,
): HardwareDecoding {
  let used = wanted;
  let isNews = false;
  let because = '';
  const say = (what: string, mend: string): void =>
    warn(
      `camera ${cameraId}: ${wanted} ${what}${because}; it is decoded in software, which costs more of the processor; ${mend}`,
    );
  return {
    next: () => used,
    line: (line) => {
      if (used === undefined) return;
      const missing = cause.exec(line);
      if (missing !== null) because = ` (${missing[0]})`;
      if (noDevice.test(line)) {
        used = undefined;
        isNews = true;
        say(
          'hardware decoding is not available on this box',
          'install its driver or remove hardwareDecoder',
        );
      } else if (notForThis.test(line)) {
        say(
          'hardware cannot decode this stream',
          "set the camera's encoder to H.264 or remove hardwareDecoder",
        );
      }
    },
    gaveUp: () => {
      const was = isNews;
      isNews = false;
      return was;
    },
  };
}
