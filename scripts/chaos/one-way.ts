/**
 * A line that works in one direction: what the edge sends arrives, what the centre answers vanishes. First everything the
 * broker says, then only the collector's acknowledgements, each for the given time.
 */
import { freePort } from '../../src/testing/mosquitto.ts';
import { type ChaosProxy, createChaosProxy, type Vanishing } from '../harness/chaos-proxy.ts';
import { residentMb } from '../harness/process-cost.ts';
import { growth } from '../load/measures.ts';
import { duplicatesOf } from './duplicates-counted.ts';
import type { Ring } from './ring.ts';
import { broken, brokenPromises, pause, type Scenario, whileEventsFlow } from './scenario.ts';

/** In flight at most, live events included, and after how long without an answer it is sent again. */
const window = 300;
const patienceSeconds = 2;
const mostGrowthMb = 20;
/** Nothing was acknowledged for so long, so that there is a backlog. */
const drainLimitSeconds = 15;

export const oneWay: Scenario = async ({ folder, broker, eventsPerSecond, seconds }) => {
  const port = await freePort();
  const proxy = createChaosProxy(port);
  const settings = {
    ...{ folder, broker, eventsPerSecond, port },
    edge: { url: `mqtt://127.0.0.1:${await proxy.start()}` },
    collector: { more: 'metrics:\n  port: 0\n' },
  };
  try {
    const drained = await whileEventsFlow(settings, async (ring) => {
      const silence = await withLost('silence', ring, proxy, seconds);
      await pause(2000);
      const acks = await withLost('no-publishes', ring, proxy, seconds);
      const duplicatesDropped = await duplicatesOf(ring.facts.get('metrics'));
      return { silence, acks, duplicatesDropped };
    });
    const { silence, acks, duplicatesDropped } = drained.result;
    const mostSent = window * (seconds / patienceSeconds + 1);
    const { drainSeconds, verdict } = drained;
    const figures = {
      ...verdict,
      drainSeconds,
      seconds,
      silence,
      acks,
      duplicatesDropped,
      mostSent,
    };
    const sent = Math.max(silence.sent, acks.sent);
    const growthMb = Math.max(silence.growthMb, acks.growthMb);
    const more = broken({
      [`${sent} messages were sent without an answer`]: sent > mostSent,
      [`the edge grew by ${growthMb} MB`]: growthMb > mostGrowthMb,
      'no duplicate was counted': duplicatesDropped === 0,
    });
    return { figures, broken: [...brokenPromises(drained, drainLimitSeconds), ...more] };
  } finally {
    await proxy.stop();
  }
};

async function withLost(what: Vanishing, { edge }: Ring, proxy: ChaosProxy, seconds: number) {
  const before = proxy.eventsPassed();
  const until = performance.now() + seconds * 1000;
  const memory: number[] = [];
  proxy.vanish(what);
  while (performance.now() < until) {
    memory.push(residentMb(edge.pid() ?? 0));
    await pause(100);
  }
  const sent = proxy.eventsPassed() - before;
  proxy.vanish('nothing');
  return { sent, growthMb: Math.round(growth(memory)) };
}
