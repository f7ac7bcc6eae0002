/**
 * Simulated edges at a steady rate, spread evenly over time; one event in ten raises an alarm of its own, which is timed
 * from its sending to the console's feed. With `window` the edges send as fast as they are acknowledged instead.
 */

import { cpuSeconds, residentMb } from '../harness/process-cost.ts';
import { eventually } from '../harness/program.ts';
import type { CentreUnderLoad } from './centre-under-load.ts';
import { growth, type LoadFigures, percentile, rounded } from './measures.ts';
import { createSimulatedEdge, type SimulatedEdge } from './simulated-edge.ts';

export type Drive = Readonly<{
  edges: number;
  seconds: number;
  camerasPerEdge: number;
  eventsPerCameraMinute: number;
  /** One in so many raises an alarm of its own; ten, when nothing is said. */
  callsEvery?: number;
  /** Events in flight of each edge. */
  window?: number;
}>;

/** As often as an edge box does. */
const healthEverySeconds = 1;
const defaultCallsEvery = 10;

export async function driveEdges(centre: CentreUnderLoad, drive: Drive): Promise<LoadFigures> {
  const { callsEvery = defaultCallsEvery } = drive;
  const sentAt = new Map<string, number>();
  let count = 0;
  const send = (edge: SimulatedEdge): void => {
    count += 1;
    const calls = count % callsEvery === 0;
    const now = performance.now();
    const eventId = edge.send(calls);
    if (calls) sentAt.set(eventId, now);
  };
  const edges = await connectEdges(centre.url, drive);
  try {
    // The first health of every camera is news to the console; what is measured is the day after.
    for (const edge of edges) edge.sendHealth();
    await new Promise((resolve) => setTimeout(resolve, 1000 + 5 * edges.length));
    const pids = { collector: centre.collector.pid() ?? 0, broker: centre.broker.pid() ?? 0 };
    const before = { collector: cpuSeconds(pids.collector), broker: cpuSeconds(pids.broker) };
    const from = performance.now();
    const memory = await keepGoing(edges, drive, send, () => residentMb(pids.collector));
    const seconds = (performance.now() - from) / 1000;
    const acknowledgedInTime = sum(edges.map((edge) => edge.acknowledged()));
    const percent = (name: keyof typeof pids): number =>
      rounded(((cpuSeconds(pids[name]) - before[name]) / seconds) * 100);
    const cost = { collectorCpu: percent('collector'), brokerCpu: percent('broker') };
    await eventually(() => edges.every((edge) => edge.waiting() === 0), 30_000);
    await eventually(() => centre.onFeed.size >= sentAt.size, 5000);
    const delays = [...sentAt].flatMap(([id, at]) => {
      const seen = centre.onFeed.get(id);
      return seen === undefined ? [] : [seen - at];
    });
    return {
      edges: drive.edges,
      eventsPerSecond: rounded(acknowledgedInTime / seconds),
      eventToFeedP95Ms: rounded(percentile(delays, 0.95)),
      rssMb: rounded(memory.at(-1) ?? 0),
      cameras: drive.edges * drive.camerasPerEdge,
      eventToFeedP50Ms: rounded(percentile(delays, 0.5)),
      eventToFeedMaxMs: rounded(Math.max(0, ...delays)),
      rssGrowthMb: rounded(growth(memory)),
      ...cost,
      sent: count,
      acknowledged: sum(edges.map((edge) => edge.acknowledged())),
      measuredOnFeed: delays.length,
    };
  } finally {
    await Promise.all(edges.map((edge) => edge.stop()));
  }
}

async function connectEdges(url: string, drive: Drive): Promise<readonly SimulatedEdge[]> {
  const edges = Array.from({ length: drive.edges }, (_, at) =>
    createSimulatedEdge({ url, edgeId: `edge-${at + 1}`, cameras: drive.camerasPerEdge }),
  );
  const allIn = await eventually(() => edges.every((edge) => edge.connected()), 60_000);
  if (!allIn) throw new Error('not every edge could connect to the broker within a minute');
  return edges;
}

/** Resolves after the time, with the collector's memory of each second. */
async function keepGoing(
  edges: readonly SimulatedEdge[],
  { seconds, camerasPerEdge, eventsPerCameraMinute, window }: Drive,
  send: (edge: SimulatedEdge) => void,
  memoryNow: () => number,
): Promise<readonly number[]> {
  const perSecond = (edges.length * camerasPerEdge * eventsPerCameraMinute) / 60;
  const memory: number[] = [];
  const from = performance.now();
  let sent = 0;
  let healths = 0;
  const sendDue = (elapsed: number): void => {
    for (; sent < elapsed * perSecond; sent += 1) send(turnOf(edges, sent));
  };
  const fillWindows = (size: number): void => {
    for (const edge of edges) while (edge.waiting() < size) send(edge);
  };
  const eachSecond = (): void => {
    memory.push(memoryNow());
    for (const edge of edges) edge.resendOverdue();
  };
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - from) / 1000) {
    if (window === undefined) sendDue(elapsed);
    else fillWindows(window);
    const dueHealths = (elapsed * edges.length) / healthEverySeconds;
    for (; healths < dueHealths; healths += 1) turnOf(edges, healths).sendHealth();
    if (elapsed >= memory.length + 1) eachSecond();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  eachSecond();
  return memory;
}

function turnOf(edges: readonly SimulatedEdge[], turn: number): SimulatedEdge {
  const edge = edges[turn % edges.length];
  if (edge === undefined) throw new RangeError('there has to be at least one edge');
  return edge;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
