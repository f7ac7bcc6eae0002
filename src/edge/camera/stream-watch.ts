/**
 * What is watched of a camera's stream over all its connections: where it is decoded, how much of it is damaged, and
 * what is counted of its faults.
 */
import { because } from '../../contract/reason.ts';
import type { HardwareDecoder } from './ffmpeg-arguments.ts';
import { createHardwareDecoding, type HardwareDecoding } from './hardware-decoding.ts';
import { createStreamQuality } from './stream-quality.ts';

/**
 * `decode-error`: a picture that the decoder had to guess parts of, or bytes of which it could make none.
 * `packets-lost`: a picture that lost packets on the way. `connection`: an ffmpeg was started. `stall`: it fell silent.
 */
export type StreamFault = 'decode-error' | 'packets-lost' | 'stall' | 'connection';

export type StreamWatch = Readonly<{
  hardware: Pick<HardwareDecoding, 'next' | 'gaveUp'>;
  /** Told of what ffmpeg says beside its pictures. */
  line: (line: string) => void;
  decoded: (damaged: boolean, nowMs: number) => void;
  harmed: (pictures: number) => void;
  /** One sentence while too much is damaged. */
  degraded: () => string | undefined;
}>;

type Parts = Readonly<{
  cameraId: string;
  place: string;
  hardwareDecoder: HardwareDecoder | undefined;
  onWarnings: (sentences: readonly string[]) => void;
  onFault: (fault: StreamFault) => void;
}>;

/** ffmpeg's words for a packet without a picture, of version 5 and of later ones. */
const undecodable =
  /Error while decoding stream|Error submitting (?:a )?packet to (?:the )?decoder/;

export function createStreamWatch(parts: Parts): StreamWatch {
  const { cameraId, place, hardwareDecoder, onWarnings, onFault } = parts;
  const quality = createStreamQuality();
  const hardware = createHardwareDecoding(cameraId, hardwareDecoder, (sentence) =>
    onWarnings([sentence]),
  );
  return {
    hardware,
    line: (line) => {
      hardware.line(line);
      if (!undecodable.test(line)) return;
      quality.undecodable(performance.now());
      onFault('decode-error');
    },
    decoded: (damaged, nowMs) => {
      quality.decoded(damaged, nowMs);
      if (damaged) onFault('decode-error');
    },
    harmed: (pictures) => {
      quality.harmed(pictures, performance.now());
      for (let told = 0; told < pictures; told += 1) onFault('packets-lost');
    },
    degraded: () => {
      const percent = quality.damagedPercent();
      return percent === undefined
        ? undefined
        : because('camera-damaged', { cameraId, percent, place });
    },
  };
}
