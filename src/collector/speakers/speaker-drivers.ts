/** Which driver serves which configuration: a new driver is one file, one schema and one line here. */
import { createFileDriver } from './file-driver.ts';
import { createHttpDriver } from './http-driver.ts';
import type { RtpSender } from './rtp/rtp-sender.ts';
import { createRtpDriver } from './rtp-driver.ts';
import type { CallBook } from './sip/call-book.ts';
import { usualSipTiming } from './sip/sip-timing.ts';
import { createSipDriver } from './sip-driver.ts';
import type { SpeakerDriver } from './speaker.ts';
import type { SingleSpeakerConfig } from './speaker-config.ts';

export type DriverSurroundings = Readonly<{
  rtpSender: RtpSender;
  callBook: (speakerId: string) => CallBook;
  now: () => number;
}>;

export function createSpeakerDriver(
  config: SingleSpeakerConfig,
  around: DriverSurroundings,
): SpeakerDriver {
  switch (config.driver) {
    case 'rtp':
      return createRtpDriver(config, around.rtpSender);
    case 'sip':
      return createSipDriver(
        config,
        around.rtpSender,
        usualSipTiming,
        around.callBook(config.speakerId),
      );
    case 'http':
      return createHttpDriver(config);
    case 'file':
      return createFileDriver(config, around.now);
    default:
      return config satisfies never;
  }
}
