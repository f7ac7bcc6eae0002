/**
 * How far the clock of each edge is from the centre's, from when its messages say that they were sent and when they come. A
 * message may wait on its way, but never comes before it was sent, so the least difference of the last minutes is that of
 * the clocks. When the centre's own clock is set, it begins anew.
 */
import type { RuleEvent } from '../contract/rule-event.ts';
import type { EdgeMessage } from './edge-message.ts';

type Clocks = Readonly<{
  now: () => number;
  /** Of a clock that nobody sets. */
  steadyMs: () => number;
}>;

export type ArrivalClock = Readonly<{
  /** The message, marked if its times are not the centre's. */
  judged: (message: EdgeMessage) => EdgeMessage;
}>;

const trimMs = 2000;
const bucketMs = 60_000;
const buckets = 10;
const mostEdges = 10_000;

/** Least differences by minute of the steady clock. */
type Differences = Map<number, number>;

export function createArrivalClock({ now, steadyMs }: Clocks): ArrivalClock {
  const edges = new Map<string, Differences>();
  let offsetMs = now() - steadyMs();

  const differenceOf = (edgeId: string, sentAtMs: number): number => {
    const [wall, steady] = [now(), steadyMs()];
    if (Math.abs(wall - steady - offsetMs) > trimMs) edges.clear();
    offsetMs = wall - steady;
    const known = edges.get(edgeId) ?? new Map<number, number>();
    if (!edges.has(edgeId) && edges.size < mostEdges) edges.set(edgeId, known);
    const bucket = Math.floor(steady / bucketMs);
    known.set(bucket, Math.min(known.get(bucket) ?? Number.POSITIVE_INFINITY, wall - sentAtMs));
    for (const old of known.keys()) if (old <= bucket - buckets) known.delete(old);
    return Math.min(...known.values());
  };

  return {
    judged: (message) => {
      if (message.kind === 'health') differenceOf(message.health.edgeId, message.health.atMs);
      if (message.kind !== 'event') return message;
      const sentAtMs = message.event.stageTimes?.sentAtMs;
      if (sentAtMs === undefined) return message;
      const behindMs = differenceOf(message.event.edgeId, sentAtMs);
      return { ...message, event: marked(message.event, behindMs) };
    },
  };
}

/** What the edge says of its own clock is more than can be seen from here. */
function marked(event: RuleEvent, behindMs: number): RuleEvent {
  const { clockSuspect, ...unmarked } = event;
  if (clockSuspect !== undefined && clockSuspect.why !== 'differs') return event;
  if (Math.abs(behindMs) <= trimMs) return unmarked;
  return { ...unmarked, clockSuspect: { why: 'differs', aheadMs: -Math.round(behindMs) } };
}
