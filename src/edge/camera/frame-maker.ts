/** Makes frames of pictures: numbers them over all connections, gives them their times, chooses which are analysed. */
import { createDecimator } from './decimator.ts';
import type { Frame } from './frame.ts';
import { createMediaClock, type FrameTimes, type Moment } from './media-clock.ts';
import type { PictureLine } from './picture-lines.ts';
import type { Picture } from './picture-reader.ts';

type ChosenPicture = FrameTimes & Readonly<{ frameNumber: number }>;
type Decoded = ChosenPicture & Readonly<{ damaged: boolean }>;

export type FrameMaker = Readonly<{
  /** The next pictures come over a new connection. */
  reconnect: () => void;
  /** Told of every decoded picture, in order. */
  decoded: (line: PictureLine, arrived: Moment) => void;
  /** Asked of the picture that was just decoded; undefined when it is not to be analysed, as damaged ones never are. */
  choose: () => ChosenPicture | undefined;
  make: (picture: Picture<ChosenPicture>) => Frame;
}>;

export function createFrameMaker(cameraId: string, analysisFps: number): FrameMaker {
  const clock = createMediaClock();
  const decimator = createDecimator(analysisFps);
  let count = 0;
  let latest: Decoded | undefined;
  return {
    reconnect: clock.reconnect,
    decoded: (line, arrived) => {
      count += 1;
      latest = {
        frameNumber: count,
        damaged: line.damaged,
        ...clock.stamp(line.streamTimeMs, arrived),
      };
      decimator.decoded(latest.mediaTimeMs);
    },
    choose: () =>
      latest !== undefined && !latest.damaged && decimator.take(latest.mediaTimeMs)
        ? latest
        : undefined,
    make: ({ facts: { frameNumber, mediaTimeMs, capturedAtMs }, size, source, pixels }) => ({
      cameraId,
      frameNumber,
      mediaTimeMs,
      capturedAtMs,
      ...size,
      sourceWidth: source.width,
      sourceHeight: source.height,
      pixels,
    }),
  };
}
