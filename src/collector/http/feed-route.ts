/**
 * The live feed as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * A console that was cut off resumes with Last-Event-ID and gets exactly what it missed, in order.
 */
import type { ServerResponse } from 'node:http';
import { Type } from 'typebox';
import { feedHeartbeatMs } from '../../contract/console-api.ts';
import type { Store, StoredFeedMessage } from '../store/store.ts';
import type { Access } from './access.ts';
import type { App } from './app.ts';
import { createSight, type Sight } from './feed-sight.ts';
import { tokenOf } from './session-cookie.ts';

const mostWaitingBytes = 1024 * 1024;
const stoppedMs = 10_000;
const page = 500;

type Parts = Readonly<{
  store: Pick<Store, 'feedSince' | 'newestFeedId' | 'onFeed' | 'edges' | 'speakersIn'>;
  access: Pick<Access, 'follow'>;
}>;

export function addFeedRoute(app: App, { store, access }: Parts): void {
  app.get(
    '/api/feed',
    {
      // HEAD would never end.
      exposeHeadRoute: false,
      config: { policy: { action: 'directory.read', object: 'list' }, atOnce: 'streams' },
      schema: {
        summary: 'What happens, as it happens (server-sent events); resumes after Last-Event-ID',
        tags: ['feed'],
        headers: Type.Object({
          'last-event-id': Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
        }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const resumeAfter = request.headers['last-event-id'];
      const newest = await store.newestFeedId();
      // A number from before the store was set back would wait for ever.
      const after = resumeAfter === undefined ? newest : Math.min(Number(resumeAfter), newest);
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...flattened(reply.getHeaders()),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      raw.write(`retry: 1000\nid: ${after}\n\n`);
      const end = stream(raw, { store, isFor: createSight(store, request) }, after);
      const leave = access.follow(tokenOf(request), () => raw.end());
      // An event and no comment, so that a page can see that it comes no more.
      const heartbeat = setInterval(() => raw.write('event: here\ndata: {}\n\n'), feedHeartbeatMs);
      raw.on('close', () => {
        clearInterval(heartbeat);
        leave();
        end();
      });
    },
  );
}

type Source = Readonly<{ store: Parts['store']; isFor: Sight }>;

/**
 * Sends what was missed, then what comes; answers with the function that ends it. Everything is read from the table, so
 * nothing piles up for a console that reads slowly: it gets the rest when it has read. One that has stopped is cut off.
 */
function stream(raw: ServerResponse, { store, isFor }: Source, after: number): () => void {
  let sent = after;
  let isSending = false;
  let isStale = false;
  const send = async ({ feedId, message }: StoredFeedMessage): Promise<void> => {
    sent = feedId;
    if (!(await isFor(message)) || raw.destroyed) return;
    raw.write(`id: ${feedId}\nevent: ${message.kind}\ndata: ${JSON.stringify(message)}\n\n`);
    if (raw.writableLength > mostWaitingBytes) await drained(raw);
  };
  const sendNew = async (): Promise<void> => {
    while (isStale && !raw.destroyed) {
      isStale = false;
      const stored = await store.feedSince(sent, page);
      for (const message of stored) await send(message);
      isStale ||= stored.length === page;
    }
  };
  const wake = (): void => {
    isStale = true;
    if (isSending) return;
    isSending = true;
    sendNew()
      .catch(() => raw.destroy())
      .finally(() => {
        isSending = false;
        if (isStale && !raw.destroyed) wake();
      });
  };
  const stop = store.onFeed(wake);
  wake();
  return stop;
}

/** Resolves when the console has read; cuts it off when it does not. */
function drained(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => raw.destroy(), stoppedMs);
    const done = (): void => {
      clearTimeout(patience);
      raw.off('drain', done);
      raw.off('close', done);
      resolve();
    };
    raw.on('drain', done);
    raw.on('close', done);
  });
}

function flattened(
  headers: NodeJS.Dict<number | string | string[]>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'number' ? String(value) : value]],
    ),
  );
}
