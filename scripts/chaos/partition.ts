/**
 * The line between edge and broker is down for a while, without either side being told: half of the times at any moment,
 * half just as the collector acknowledges. Both sides have to notice, nothing may be lost, and it goes on soon afterwards.
 */
import mqtt from 'mqtt';
import { accounts } from '../harness/centre.ts';
import { eventually } from '../harness/program.ts';
import { type Console, signInOnce } from '../harness/signed-in.ts';
import { type CutOffPlace, makeCutOffPlace, whyNoCutOff } from './cut-off-edge.ts';
import type { Ring } from './ring.ts';
import {
  broken,
  brokenPromises,
  pause,
  type Run,
  type Scenario,
  whileEventsFlow,
} from './scenario.ts';
import { collectorFile, readAll } from './verdict.ts';

const defaultOutages = [5, 30, 90, 5, 30, 90];
const againWithinSeconds = 5;
/** After a short outage TCP waits longer and longer between its tries, in either direction. */
const drainLimitSeconds = 15;
/** For what lies between a fact and our hearing of it. */
const slackSeconds = 0.5;

type Outage = Readonly<{
  seconds: number;
  duringAck: boolean;
  /** From the cut until the edge, and the console, say that it is offline; undefined when the outage was too short. */
  edgeNoticed?: number;
  centreNoticed?: number;
  /** From the mending until events come again, and until the console says that the edge is there. */
  heardAgain: number;
  shownAgain: number;
}>;

export const partition: Scenario = async (run) => {
  const reason = whyNoCutOff();
  if (reason !== undefined) return { figures: { skipped: reason }, broken: [] };
  const place = makeCutOffPlace();
  try {
    return await partitioned(run, place);
  } finally {
    place.remove();
  }
};

async function partitioned(run: Run, place: CutOffPlace) {
  const { folder, broker, eventsPerSecond, seconds, keepalive, random } = run;
  const settings = {
    ...{ folder, broker, eventsPerSecond, host: place.host },
    edge: { within: place.within, options: () => ['--keepalive', String(keepalive)] },
  };
  const lengths = random.shuffled(seconds === 0 ? defaultOutages : [seconds]);
  const drained = await whileEventsFlow(settings, async (ring) => {
    const console = await signInOnce(ring.facts);
    const watch = await watchBroker(ring.brokerUrl);
    const outages: Outage[] = [];
    for (const [at, length] of lengths.entries()) {
      await pause(random.between(2000, 6000));
      const duringAck = at % 2 === 0;
      if (duringAck) await watch.nextAck();
      outages.push(await cutOff({ ring, place, console, watch }, length, duringAck));
    }
    await watch.stop();
    return outages;
  });
  const { result: outages, drainSeconds, verdict } = drained;
  const outOfOrder = ordersBroken(folder);
  const worst = (name: 'edgeNoticed' | 'centreNoticed' | 'heardAgain' | 'shownAgain'): number =>
    Math.max(0, ...outages.map((outage) => outage[name] ?? 0));
  const long = outages.filter((outage) => outage.seconds > 2 * keepalive);
  const unseen = long.filter(
    ({ edgeNoticed, centreNoticed }) => edgeNoticed === undefined || centreNoticed === undefined,
  ).length;
  const more = broken({
    [`${unseen} outages were not noticed on both sides`]: unseen > 0,
    [`the edge noticed after ${worst('edgeNoticed')} s`]:
      worst('edgeNoticed') > 1.5 * keepalive + slackSeconds,
    [`the console showed it after ${worst('centreNoticed')} s`]:
      worst('centreNoticed') > 2 * keepalive + slackSeconds,
    [`events came again after ${worst('heardAgain')} s`]: worst('heardAgain') > againWithinSeconds,
    [`the console showed it after ${worst('shownAgain')} s again`]:
      worst('shownAgain') > againWithinSeconds + slackSeconds,
    [`${outOfOrder} events came before an older one of their camera`]: outOfOrder > 0,
  });
  const figures = {
    faults: outages.length,
    ...verdict,
    drainSeconds,
    keepalive,
    outOfOrder,
    outages,
  };
  return { figures, broken: [...brokenPromises(drained, drainLimitSeconds), ...more] };
}

type Parts = Readonly<{ ring: Ring; place: CutOffPlace; console: Console; watch: BrokerWatch }>;

async function cutOff(parts: Parts, seconds: number, duringAck: boolean): Promise<Outage> {
  const { ring, place, console, watch } = parts;
  const cutAt = performance.now();
  place.cut();
  let centreNoticed: number | undefined;
  const isShownOffline = async (): Promise<boolean> => !(await isShownOnline(console));
  const upAt = cutAt + seconds * 1000;
  if (await eventually(isShownOffline, upAt - performance.now()))
    centreNoticed = secondsSince(cutAt);
  await pause(Math.max(0, upAt - performance.now()));
  const { connected, sinceMs } = ring.log.link();
  const edgeNoticed = connected ? undefined : Math.round((sinceMs - cutAt) / 10) / 100;
  const mendedAt = performance.now();
  place.mend();
  await watch.nextEvent();
  const heardAgain = secondsSince(mendedAt);
  await eventually(() => isShownOnline(console), 30_000);
  return {
    ...{ seconds, duringAck, heardAgain, shownAgain: secondsSince(mendedAt) },
    ...(edgeNoticed === undefined ? {} : { edgeNoticed }),
    ...(centreNoticed === undefined ? {} : { centreNoticed }),
  };
}

async function isShownOnline({ address, headers }: Console): Promise<boolean> {
  const answer = await fetch(`${address}/api/edges`, { headers });
  const edges = (await answer.json()) as readonly Readonly<{ edgeId: string; online: boolean }>[];
  return edges.find(({ edgeId }) => edgeId === 'edge-1')?.online === true;
}

function secondsSince(at: number): number {
  return Math.round((performance.now() - at) / 10) / 100;
}

type BrokerWatch = Readonly<{
  nextAck: () => Promise<void>;
  nextEvent: () => Promise<void>;
  stop: () => Promise<void>;
}>;

/** Hears at the broker what edge and collector say to each other. */
async function watchBroker(url: string): Promise<BrokerWatch> {
  const account = { username: 'collector', password: accounts.collector };
  const client = await mqtt.connectAsync(url, { ...account, protocolVersion: 4 });
  await client.subscribeAsync(['haoguanjia/v1/+/ack', 'haoguanjia/v1/+/event/+']);
  const next = (kind: '/ack' | '/event/') => (): Promise<void> =>
    new Promise((resolve) => {
      const hear = (topic: string): void => {
        if (!topic.includes(kind)) return;
        client.off('message', hear);
        resolve();
      };
      client.on('message', hear);
    });
  return { nextAck: next('/ack'), nextEvent: next('/event/'), stop: () => client.endAsync(true) };
}

/** Live events overtake the backlog; among themselves, and the backlog in itself, each camera's come as they happened. */
function ordersBroken(folder: string): number {
  const [row] = readAll(
    collectorFile(folder),
    `select count(*) as broken from (
       select sequence, max(sequence) over (
         partition by camera_id, json_extract(body, '$.historical') order by rowid
         rows between unbounded preceding and 1 preceding
       ) as before from event where kind = 'tripwire-crossed'
     ) where sequence < before`,
  );
  return Number(row?.['broken']);
}
