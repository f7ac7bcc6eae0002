/** A well-behaved edge whose every event calls, timed from its sending to a console's feed: what others have to bear is seen here. */

import { eventually } from '../harness/program.ts';
import type { Console } from '../harness/signed-in.ts';
import { eventIdOf } from './centre-under-load.ts';
import { percentile, rounded } from './measures.ts';
import { createSimulatedEdge } from './simulated-edge.ts';

type FeedTimes = Readonly<{ sent: number; seen: number; p95Ms: number }>;

export type TimedEdge = Readonly<{
  /** Resolves with the times of everything that was sent since it was begun. */
  stop: () => Promise<FeedTimes>;
}>;

const resendEveryMs = 1000;
/** What comes that late still counts as seen, and shows in the percentile. */
const patienceMs = 60_000;

/** Rejects when it cannot connect within half a minute. */
export async function startTimedEdge(
  { url, edgeId, perSecond }: Readonly<{ url: string; edgeId: string; perSecond: number }>,
  console: Console,
): Promise<TimedEdge> {
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  const ending = new AbortController();
  await console.follow((message) => {
    const eventId = eventIdOf(message) ?? '';
    const at = sentAt.get(eventId);
    if (at !== undefined) delays.push(performance.now() - at);
    sentAt.delete(eventId);
  }, ending.signal);
  const edge = createSimulatedEdge({ url, edgeId, cameras: 6 });
  if (!(await eventually(edge.connected, 30_000))) throw new Error(`${edgeId} cannot connect`);
  edge.sendHealth();
  let sent = 0;
  const timers = [
    setInterval(() => {
      sent += 1;
      const at = performance.now();
      sentAt.set(edge.send(true), at);
    }, 1000 / perSecond),
    setInterval(edge.resendOverdue, resendEveryMs),
  ];
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await eventually(() => sentAt.size === 0, patienceMs);
      ending.abort();
      await edge.stop();
      return { sent, seen: delays.length, p95Ms: rounded(percentile(delays, 0.95)) };
    },
  };
}
