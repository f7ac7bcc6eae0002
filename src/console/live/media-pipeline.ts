/**
 * Feeds fragmented MP4 into a video element through one MediaSource, as long as it works: initialization segment, then
 * fragments from a key frame on. Fragments wait in a queue while the source buffer is busy; `buffer-policy.ts` says when to
 * hurry, jump or trim. It mends nothing: `onFault` asks for a new pipeline with a fresh initialization segment.
 */
import type { fragmentKind } from '../../contract/live-stream.ts';
import { bufferOrder } from './buffer-policy.ts';

export type MediaPipeline = Readonly<{
  /** A message of the live socket: one byte of kind, then the bytes. */
  take: (message: ArrayBuffer) => void;
  /** Lets go of the video element. */
  dismantle: () => void;
}>;

const initialization: (typeof fragmentKind)['initialization'] = 0;
const keyFrame: (typeof fragmentKind)['keyFrame'] = 1;
/** More than this many waiting fragments: the page cannot keep up, and a fresh start is cheaper. */
const longestQueue = 400;

export function createMediaPipeline(
  video: HTMLVideoElement,
  mime: string,
  onFault: () => void,
): MediaPipeline {
  const media = new MediaSource();
  const address = URL.createObjectURL(media);
  const queue: Uint8Array<ArrayBuffer>[] = [];
  let buffer: SourceBuffer | undefined;
  let ended = false;
  let waitsForKeyFrame = true;

  media.addEventListener('sourceopen', () => {
    if (ended || buffer !== undefined) return;
    buffer = media.addSourceBuffer(mime);
    buffer.mode = 'segments';
    buffer.addEventListener('updateend', settle);
    buffer.addEventListener('error', fault);
    append();
  });
  video.src = address;

  function fault(): void {
    if (!ended) onFault();
  }

  function append(): void {
    if (ended || buffer === undefined || buffer.updating) return;
    // All that waits goes in at once: one jump to the present instead of one per fragment, and a sooner first picture.
    const waiting = queue.splice(0);
    if (waiting.length === 0) return;
    try {
      buffer.appendBuffer(joined(waiting));
    } catch {
      // A full buffer, or one that was taken away: both are mended by a fresh start.
      fault();
    }
  }

  function settle(): void {
    if (ended || buffer === undefined) return;
    keepNearThePresent(video, buffer);
    append();
  }

  return {
    take: (message) => {
      const kind = new Uint8Array(message)[0];
      if (kind === keyFrame) waitsForKeyFrame = false;
      if (kind !== initialization && waitsForKeyFrame) return;
      queue.push(new Uint8Array(message, 1));
      if (queue.length > longestQueue) fault();
      else append();
    },
    dismantle: () => {
      ended = true;
      URL.revokeObjectURL(address);
      video.removeAttribute('src');
      video.load();
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function keepNearThePresent(video: HTMLVideoElement, buffer: SourceBuffer): void {
  const newest = buffer.buffered.length - 1;
  if (newest < 0) return;
  const view = {
    startSeconds: buffer.buffered.start(newest),
    endSeconds: buffer.buffered.end(newest),
    currentSeconds: video.currentTime,
  };
  const order = bufferOrder(view, video.playbackRate > 1);
  video.playbackRate = order.playbackRate;
  if (order.seekToSeconds !== undefined) video.currentTime = order.seekToSeconds;
  // A play() that is overtaken by a new source rejects; the next fragment tries again.
  if (video.paused) video.play().catch(() => undefined);
  // A fragment that came before this was told may be on its way in already; the next time will do.
  if (order.removeBeforeSeconds !== undefined && !buffer.updating)
    buffer.remove(0, order.removeBeforeSeconds);
}
