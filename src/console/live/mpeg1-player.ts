/**
 * Plays MPEG-1 in a transport stream from the live socket onto a canvas with JSMpeg: the fallback for H.265 cameras and for
 * browsers without Media Source Extensions. WebAssembly stays off, because the page's content security policy forbids it.
 */
import JSMpeg from '@cycjimmy/jsmpeg-player';
import type { LivePlayer, LivePlayerSettings } from './live-player.ts';
import { createLiveSocket, liveAddress } from './live-socket.ts';

const decoderBytes = 1024 * 1024;

export function createMpeg1Player(
  canvas: HTMLCanvasElement,
  settings: LivePlayerSettings,
): LivePlayer {
  const source = createSource();
  let player: JSMpeg.Player | undefined;
  let pictures = 0;

  const socket = createLiveSocket({
    address: liveAddress(settings.cameraId, 'mpeg1'),
    onHeader: (header) => {
      if (header.format === 'mpeg1') return;
      socket.stop();
      settings.onState('failed');
    },
    onBytes: source.write,
    onLost: () => {
      pictures = 0;
      settings.onState('connecting');
    },
  });

  function onVideoDecode(): void {
    pictures += 1;
    if (pictures > 1) return;
    settings.onState('playing');
    settings.onPictureSize({ width: canvas.width, height: canvas.height });
  }

  return {
    start: () => {
      player = new JSMpeg.Player('', {
        canvas,
        source: source.forPlayer,
        audio: false,
        pauseWhenHidden: false,
        disableWebAssembly: true,
        videoBufferSize: decoderBytes,
        onVideoDecode,
      });
      socket.start();
    },
    stop: () => {
      socket.stop();
      player?.destroy();
    },
  };
}

/** JSMpeg wants to open its own connection; this one is fed from ours, which reconnects and is authenticated. */
function createSource() {
  let destination: JSMpeg.Destination | undefined;
  const source: JSMpeg.Source = {
    established: false,
    completed: false,
    streaming: true,
    progress: 0,
    connect: (to) => {
      destination = to;
    },
    start: () => undefined,
    resume: () => undefined,
    destroy: () => undefined,
  };
  // JSMpeg calls this with `new`, so it cannot be an arrow function.
  function forPlayer(): JSMpeg.Source {
    return source;
  }
  return {
    forPlayer,
    write: (bytes: ArrayBuffer): void => {
      source.established = true;
      destination?.write(bytes);
    },
  };
}
