/**
 * The live feed: server-sent events of the collector. The browser resumes by itself with `Last-Event-ID`; when it gives up
 * (an answer that is no stream), a new connection is made, and `onOpen` lets the caller read again what was missed.
 * A connection can die without being closed, and a browser may not notice for minutes: the centre says every few seconds that
 * it is there, and a feed that says nothing any more is taken for lost.
 */
import { type FeedMessage, feedHeartbeatMs } from '../../contract/console-api.ts';

export type FeedState = 'connecting' | 'connected' | 'lost';

export type Feed = Readonly<{ start: () => void; stop: () => void }>;

const kinds: readonly FeedMessage['kind'][] = [
  'alarm-raised',
  'alarm-changed',
  'camera-changed',
  'edge-changed',
  'speaker-changed',
];
const reopenAfterMs = 2_000;
const silenceMs = 3 * feedHeartbeatMs;

export function createFeed(
  settings: Readonly<{
    onMessage: (message: FeedMessage) => void;
    onState: (state: FeedState) => void;
    /** After every (re)connection. */
    onOpen: () => void;
  }>,
): Feed {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let watchdog: number | undefined;

  function watch(): void {
    window.clearTimeout(watchdog);
    watchdog = window.setTimeout(() => {
      settings.onState('lost');
      reopen();
    }, silenceMs);
  }

  function reopen(): void {
    window.clearTimeout(timer);
    source?.close();
    open();
  }

  function open(): void {
    const opened = new EventSource('/api/feed');
    source = opened;
    watch();
    opened.addEventListener('here', watch);
    opened.onopen = () => {
      watch();
      settings.onState('connected');
      settings.onOpen();
    };
    opened.onerror = () => {
      settings.onState('lost');
      if (opened.readyState === EventSource.CLOSED)
        timer = window.setTimeout(reopen, reopenAfterMs);
    };
    for (const kind of kinds) {
      opened.addEventListener(kind, (event: MessageEvent<string>) => {
        watch();
        settings.onMessage(JSON.parse(event.data) as FeedMessage);
      });
    }
  }

  return {
    start: () => {
      settings.onState('connecting');
      open();
    },
    stop: () => {
      window.clearTimeout(timer);
      window.clearTimeout(watchdog);
      source?.close();
    },
  };
}
