/** Makes frames of pictures: numbers them over all connections, gives them their times, chooses which are analysed. */
import { createDecimator } from './decimator.ts';
import type { Frame } from './frame.ts';
import { createMediaClock, type FrameTimes, type Moment } from './media-clock.ts';
import type { PictureLine } from './picture-lines.ts';
import type { Picture } from './picture-reader.ts';

export type ChosenPicture = FrameTimes & Readonly<{ frameNumber: number }>;

export type FrameMaker = Readonly<{
  /** The next pictures come over a new connection. */
  reconnect: () => void;
  /** Undefined when the picture is not to be analysed. */
  choose: (line: PictureLine, arrived: Moment) => ChosenPicture | undefined;
  make: (picture: Picture<ChosenPicture>) => Frame;
}>;

export function createFrameMaker(cameraId: string, analysisFps: number): FrameMaker {
  const clock = createMediaClock();
  const decimator = createDecimator(analysisFps);
  let frameNumber = 0;
  return {
    reconnect: clock.reconnect,
    choose: (line, arrived) => {
      frameNumber += 1;
      const times = clock.stamp(line.streamTimeMs, arrived);
      return decimator.take(times.mediaTimeMs) ? { frameNumber, ...times } : undefined;
    },
    make: ({ facts, size, source, pixels }) => ({
      cameraId,
      ...facts,
      ...size,
      sourceWidth: source.width,
      sourceHeight: source.height,
      pixels,
    }),
  };
}
