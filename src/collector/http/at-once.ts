/**
 * How much of what is dear is open at once. Streams (the feed, live pictures, talks) hold memory for as long as they last:
 * there are so many for one session and for the whole collector. Exports read and hash whole clips: two run, others come again.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpRefusal } from './http-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Counted against a limit while the answer is open. */
    atOnce?: 'streams' | 'exports';
  }
}

export type AtOnceLimits = Readonly<{ streams: number; streamsOfSession: number; exports: number }>;

/** A wall of sixteen pictures in four windows, for fifteen desks. */
const usual: AtOnceLimits = { streams: 1000, streamsOfSession: 64, exports: 2 };
const comeAgainSeconds = 5;

/** After the guard, which knows the session, and before the register, which is not told of what was refused here. */
export function addAtOnceLimits(app: FastifyInstance, given: Partial<AtOnceLimits> = {}): void {
  const limits = { ...usual, ...given };
  const open = new Map<string, number>();
  const change = (key: string, by: number): void => {
    const count = (open.get(key) ?? 0) + by;
    if (count === 0) open.delete(key);
    else open.set(key, count);
  };
  app.addHook('preHandler', async (request, reply) => {
    const { atOnce } = request.routeOptions.config;
    if (atOnce === undefined) return;
    const ofSession = `${atOnce} of ${request.session?.sessionId}`;
    const mostOfSession = atOnce === 'streams' ? limits.streamsOfSession : limits.exports;
    const isFull = (key: string, most: number): boolean => (open.get(key) ?? 0) >= most;
    if (isFull(atOnce, limits[atOnce]) || isFull(ofSession, mostOfSession)) {
      reply.header('retry-after', comeAgainSeconds);
      throw new HttpRefusal(429, `too-many-${atOnce}`, refusals[atOnce]);
    }
    for (const key of [atOnce, ofSession]) change(key, 1);
    endOf(request, reply).once('close', () => {
      for (const key of [atOnce, ofSession]) change(key, -1);
    });
  });
}

const refusals = {
  streams: 'too many streams are open; close other windows of the console',
  exports: 'other exports are running; try again when they are done',
} as const;

/** A WebSocket lives on the connection, every other answer has an end of its own. */
function endOf({ headers, raw }: FastifyRequest, reply: FastifyReply) {
  return headers.upgrade?.toLowerCase() === 'websocket' ? raw.socket : reply.raw;
}
