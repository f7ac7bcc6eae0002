/**
 * Video clips of events: the seconds before and after, copied from the camera's own stream, kept on the edge's disk until
 * the centre has them. An event never waits for its clip.
 */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ClipFacts } from '../../contract/clip-message.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import { createClipRecorder, type RecordedCamera } from './clip-recorder.ts';
import type { RawClip, RingSettings } from './clip-ring.ts';
import { type ClipBounds, openClipShelf } from './clip-shelf.ts';

type ClipSettings = RingSettings & ClipBounds;

const tidyEveryMs = 3_600_000;

/** A camera with settings is recorded, one without is not. */
type ClipCamera = RecordedCamera & Readonly<{ clips?: ClipSettings }>;

export type Clips = Readonly<{
  start: () => void;
  stop: () => Promise<void>;
  /** Asks for the clip of an event that has been kept. */
  take: (event: RuleEvent) => void;
  masksChanged: (cameraId: string) => void;
  /** The clip that the centre should have next. */
  due: () => ClipFacts | undefined;
  read: (clipId: string, offset: number, length: number) => Promise<Uint8Array>;
  /** The centre has it, or does not want it. */
  delivered: (clipId: string) => Promise<void>;
}>;

type Parts = Readonly<{
  dataFolder: string;
  cameras: readonly ClipCamera[];
  isMasked: (cameraId: string) => boolean;
  /** Whether the camera gives pictures: one that refuses or is away is not asked by its recorder as well. */
  isSeen?: (cameraId: string) => boolean;
  /** A clip could not be kept, or had to go before the centre had it. */
  onDropped: (cameraId: string) => void;
  logger: Logger;
  now: () => number;
}>;

/** Throws when the folder for clips cannot be used. */
export function createClips(parts: Parts): Clips {
  const { dataFolder, cameras, isMasked, logger, now } = parts;
  const settings = new Map(cameras.map(({ cameraId, clips }) => [cameraId, clips]));
  const shelf = openClipShelf({
    folder: join(dataFolder, 'clips'),
    boundsOf: (cameraId) => settings.get(cameraId) ?? { maxBytes: 0, keepDays: 0 },
    onDropped: ({ cameraId }) => parts.onDropped(cameraId),
  });
  // One after another: a burst of events must not take the processor from the analysis.
  let writing: Promise<void> = Promise.resolve();
  const keep = (cameraId: string, clip: RawClip): void => {
    writing = writing.then(async () => {
      try {
        const { clipId, bytes } = await shelf.keep(cameraId, clip, now());
        logger.info({ cameraId, clipId, bytes }, 'clip kept');
      } catch (error) {
        logger.error({ cameraId, reason: String(error) }, 'clip could not be kept');
        parts.onDropped(cameraId);
      }
    });
  };
  const tidy = (): void => {
    writing = writing
      .then(() => shelf.tidy(now()))
      .catch((error: unknown) => logger.error({ reason: String(error) }, 'old clips are not gone'));
  };
  let tidying: NodeJS.Timeout | undefined;
  const recorders = new Map(
    cameras.flatMap(({ clips, ...camera }) => {
      if (clips === undefined) return [];
      const { cameraId } = camera;
      const recorder = createClipRecorder({
        camera,
        settings: clips,
        isMasked: () => isMasked(cameraId),
        isSeen: () => parts.isSeen?.(cameraId) ?? true,
        onClip: (clip) => keep(cameraId, clip),
        logger,
      });
      return [[cameraId, recorder] as const];
    }),
  );

  return {
    start: () => {
      tidy();
      tidying = setInterval(tidy, tidyEveryMs);
      for (const recorder of recorders.values()) recorder.start();
    },
    stop: async () => {
      clearInterval(tidying);
      await Promise.all([...recorders.values()].map((recorder) => recorder.stop()));
      await writing;
    },
    take: ({ kind, cameraId, eventId, capturedAtMs }) => {
      if (worthAClip(kind)) recorders.get(cameraId)?.event(eventId, capturedAtMs);
    },
    masksChanged: (cameraId) => recorders.get(cameraId)?.masksChanged(),
    due: shelf.due,
    read: shelf.read,
    delivered: shelf.delivered,
  };
}

/** What calls the operator and can be seen. */
function worthAClip(kind: RuleEvent['kind']): boolean {
  switch (kind) {
    case 'tripwire-crossed':
    case 'zone-entered':
    case 'dwell-loitering':
    case 'place-occupied':
    case 'pass-loitering':
    case 'crowd-gathered':
    case 'camera-tampered':
      return true;
    default:
      return false;
  }
}
