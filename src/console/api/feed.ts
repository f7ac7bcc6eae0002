/**
 * The live feed: server-sent events of the collector. The browser resumes by itself with `Last-Event-ID`; when it gives up
 * (an answer that is no stream), a new connection is made, and `onOpen` lets the caller read again what was missed.
 */
import type { FeedMessage } from '../../contract/console-api.ts';

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

  function open(): void {
    const opened = new EventSource('/api/feed');
    source = opened;
    opened.onopen = () => {
      settings.onState('connected');
      settings.onOpen();
    };
    opened.onerror = () => {
      settings.onState('lost');
      if (opened.readyState === EventSource.CLOSED) timer = window.setTimeout(open, reopenAfterMs);
    };
    for (const kind of kinds) {
      opened.addEventListener(kind, (event: MessageEvent<string>) => {
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
      source?.close();
    },
  };
}
