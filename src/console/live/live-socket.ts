/**
 * One WebSocket of live pictures that keeps reconnecting until it is stopped. A socket that says nothing for some seconds
 * is taken for dead: half-open connections do not close by themselves.
 */
import type { LiveHeader } from '../../contract/live-stream.ts';
import { retryDelayMs } from './buffer-policy.ts';

export type LiveSocket = Readonly<{
  start: () => void;
  stop: () => void;
  /** Ends this connection and makes a new one: the picture could not be decoded. */
  renew: () => void;
}>;

/** The first picture may take longer: the edge first has to open the camera. */
const firstSilenceMs = 15_000;
const silenceMs = 6_000;

export function liveAddress(cameraId: string, format: LiveHeader['format']): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}/api/cameras/${cameraId}/live?format=${format}`;
}

export function createLiveSocket(
  settings: Readonly<{
    address: string;
    onHeader: (header: LiveHeader) => void;
    onBytes: (bytes: ArrayBuffer) => void;
    onLost: () => void;
  }>,
): LiveSocket {
  let socket: WebSocket | undefined;
  let retry: number | undefined;
  let watchdog: number | undefined;
  let failedAttempts = 0;

  function open(): void {
    const opened = new WebSocket(settings.address);
    opened.binaryType = 'arraybuffer';
    socket = opened;
    watch(firstSilenceMs);
    opened.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      if (opened !== socket) return;
      if (typeof event.data === 'string') {
        watch(firstSilenceMs);
        settings.onHeader(JSON.parse(event.data) as LiveHeader);
      } else {
        watch(silenceMs);
        failedAttempts = 0;
        settings.onBytes(event.data);
      }
    };
    opened.onclose = () => {
      if (opened === socket) renew();
    };
  }

  function watch(forMs: number): void {
    window.clearTimeout(watchdog);
    watchdog = window.setTimeout(renew, forMs);
  }

  function close(): void {
    window.clearTimeout(watchdog);
    window.clearTimeout(retry);
    const closing = socket;
    socket = undefined;
    closing?.close();
  }

  function renew(): void {
    close();
    settings.onLost();
    retry = window.setTimeout(open, retryDelayMs(failedAttempts));
    failedAttempts += 1;
  }

  return { start: open, stop: close, renew };
}
