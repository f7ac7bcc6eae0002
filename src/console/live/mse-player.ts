/** Plays fragmented MP4 from the live socket in a video element; any fault of the decoder makes a new connection. */
import type { LiveHeader } from '../../contract/live-stream.ts';
import type { LivePlayer, LivePlayerSettings } from './live-player.ts';
import { createLiveSocket, liveAddress } from './live-socket.ts';
import { createMediaPipeline, type MediaPipeline } from './media-pipeline.ts';

export function createMsePlayer(video: HTMLVideoElement, settings: LivePlayerSettings): LivePlayer {
  let pipeline: MediaPipeline | undefined;

  const socket = createLiveSocket({
    address: liveAddress(settings.cameraId, 'fmp4'),
    onHeader: open,
    onBytes: (bytes) => pipeline?.take(bytes),
    onLost: () => {
      dismantle();
      settings.onState('connecting');
    },
  });

  function open(header: LiveHeader): void {
    dismantle();
    if (header.format === 'fmp4' && MediaSource.isTypeSupported(header.mime)) {
      pipeline = createMediaPipeline(video, header.mime, socket.renew);
      return;
    }
    socket.stop();
    settings.onUnsupported();
  }

  function dismantle(): void {
    pipeline?.dismantle();
    pipeline = undefined;
  }

  const onPicture = (): void => {
    settings.onState('playing');
    settings.onPictureSize({ width: video.videoWidth, height: video.videoHeight });
  };
  const onError = (): void => {
    if (pipeline !== undefined) socket.renew();
  };

  return {
    start: () => {
      if (typeof MediaSource === 'undefined') {
        settings.onUnsupported();
        return;
      }
      video.addEventListener('loadeddata', onPicture);
      video.addEventListener('error', onError);
      socket.start();
    },
    stop: () => {
      video.removeEventListener('loadeddata', onPicture);
      video.removeEventListener('error', onError);
      socket.stop();
      dismantle();
    },
  };
}
