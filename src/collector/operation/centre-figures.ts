/** The centre's figures for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { SpeakerView } from '../../contract/console-api.ts';
import type { Store } from '../store/store.ts';
import { addCertificateGauge } from './certificate-figures.ts';
import { addSpeakerFigures } from './speaker-figures.ts';
import { addWebhookFigures, type CountWebhook } from './webhook-figures.ts';

export type CentreFigures = Readonly<{
  contentType: string;
  text: () => Promise<string>;
  /** The same store, counting what is filed and refused and how long a commit takes. */
  counting: (store: Store) => Store;
  countWebhook: CountWebhook;
  /** Ends the listening to the feed. */
  close: () => void;
}>;

type FigureSources = Readonly<{
  store: Pick<Store, 'edges' | 'cameras' | 'onFeed' | 'newestFeedId' | 'deliveriesWaiting'>;
  brokerConnected: () => boolean;
  certificateEndsAtMs: () => number | undefined;
  speakers: () => readonly SpeakerView[];
  condition: () => Readonly<{ stalledForMs: () => number; freeBytes: () => Promise<number> }>;
  now: () => number;
}>;

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export function createCentreFigures(sources: FigureSources): CentreFigures {
  const { store, brokerConnected, now } = sources;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addEdgeGauges(registry, store);
  addCameraGauges(registry, store);
  addStateGauges(registry, store, brokerConnected);
  addConditionGauges(registry, sources.condition);
  addCertificateGauge(registry, sources.certificateEndsAtMs);
  const ends = [addSpeakerFigures(registry, sources), countFeed(registry, store)];
  const countWebhook = addWebhookFigures(registry, store);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    counting: (counted) => countingStore(registry, counted, now),
    countWebhook,
    close: () => {
      for (const end of ends) end();
    },
  };
}

function addEdgeGauges(registry: Registry, store: FigureSources['store']): void {
  const online: Gauge = new Gauge({
    name: 'haoguanjia_edge_online',
    help: '1 while the edge is connected',
    labelNames: ['edge'],
    registers: [registry],
    collect: async () => {
      for (const edge of await store.edges())
        online.set({ edge: edge.edgeId }, edge.online ? 1 : 0);
    },
  });
  const backlog: Gauge = new Gauge({
    name: 'haoguanjia_edge_outbox_rows',
    help: 'Events that the edge holds until the centre acknowledges them, as it last said',
    labelNames: ['edge'],
    registers: [registry],
    collect: async () => {
      for (const { edgeId, outboxRows } of await store.edges())
        backlog.set({ edge: edgeId }, outboxRows);
    },
  });
}

function addCameraGauges(registry: Registry, store: FigureSources['store']): void {
  const cameras: Gauge = new Gauge({
    name: 'haoguanjia_cameras',
    help: 'Cameras by state',
    labelNames: ['state'],
    registers: [registry],
    collect: async () => {
      cameras.reset();
      for (const { state } of await store.cameras()) cameras.inc({ state });
    },
  });
}

function addStateGauges(
  registry: Registry,
  store: FigureSources['store'],
  brokerConnected: () => boolean,
): void {
  const broker: Gauge = new Gauge({
    name: 'haoguanjia_broker_connected',
    help: '1 while the broker is connected',
    registers: [registry],
    collect: () => broker.set(brokerConnected() ? 1 : 0),
  });
  const readable: Gauge = new Gauge({
    name: 'haoguanjia_store_readable',
    help: '1 while the database answers',
    registers: [registry],
    collect: async () => {
      const answers = await store.newestFeedId().then(
        () => true,
        () => false,
      );
      readable.set(answers ? 1 : 0);
    },
  });
}

function addConditionGauges(registry: Registry, condition: FigureSources['condition']): void {
  const stalled: Gauge = new Gauge({
    name: 'haoguanjia_intake_stalled_seconds',
    help: 'For how long one piece of work of the intake has not come to its end; 0 while nothing waits',
    registers: [registry],
    collect: () => stalled.set(condition().stalledForMs() / 1000),
  });
  const free: Gauge = new Gauge({
    name: 'haoguanjia_data_free_bytes',
    help: 'Room that is left on the disk of the data folder',
    registers: [registry],
    collect: async () => free.set(await condition().freeBytes()),
  });
}

function countFeed(registry: Registry, store: FigureSources['store']): () => void {
  const messages = new Counter({
    name: 'haoguanjia_feed_messages_total',
    help: 'Messages of the live feed by kind: alarms raised and changed, cameras, edges',
    labelNames: ['kind'],
    registers: [registry],
  });
  const end = store.onFeed(({ message }) => messages.inc({ kind: message.kind }));
  return () => void end();
}

function countingStore(registry: Registry, store: Store, now: () => number): Store {
  const registers = [registry];
  const filed = new Counter({
    name: 'haoguanjia_events_filed_total',
    help: 'Events committed for the first time, by kind',
    labelNames: ['kind'],
    registers,
  });
  const duplicates = new Counter({
    name: 'haoguanjia_events_duplicate_total',
    help: 'Events that came again and changed nothing',
    registers,
  });
  const quarantined = new Counter({
    name: 'haoguanjia_messages_quarantined_total',
    help: 'Messages that did not fit the contract',
    registers,
  });
  const failed = new Counter({
    name: 'haoguanjia_commits_failed_total',
    help: 'Batches of events that the database refused; the edges send them again',
    registers,
  });
  const delay = new Histogram({
    name: 'haoguanjia_event_delay_seconds',
    help: 'From the picture to the commit at the centre, live events only',
    buckets: seconds,
    registers,
  });
  const commit = new Histogram({
    name: 'haoguanjia_commit_seconds',
    help: 'One batch of events, from the first statement to the commit',
    buckets: seconds,
    registers,
  });
  return {
    ...store,
    fileEvents: async (events, decide, nowMs) => {
      const startedAtMs = performance.now();
      const result = await store.fileEvents(events, decide, nowMs).catch((error: unknown) => {
        failed.inc();
        throw error;
      });
      commit.observe((performance.now() - startedAtMs) / 1000);
      const fresh = new Set(result.filter((one) => !one.duplicate).map(({ eventId }) => eventId));
      duplicates.inc(result.length - fresh.size);
      for (const event of events.filter(({ eventId }) => fresh.has(eventId))) {
        filed.inc({ kind: event.kind });
        if (!event.historical) delay.observe(Math.max(0, now() - event.capturedAtMs) / 1000);
      }
      return result;
    },
    quarantine: async (message) => {
      quarantined.inc();
      await store.quarantine(message);
    },
  };
}
