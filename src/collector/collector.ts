/** The collector put together: store, intake, speakers, HTTP. Nothing runs before `start`. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { VersionedRules } from '../contract/rule.ts';
import { readTopic } from '../contract/topics.ts';
import { createAnnouncementTakeover } from './announcement-takeover.ts';
import type { CollectorConfig } from './collector-config.ts';
import { createEdgeLink, type EdgeLink } from './edge-link.ts';
import { createEnrolment, type Enrolment } from './enrolment/enrolment.ts';
import { createEventFlow, type EventFlow } from './event-flow.ts';
import { createGapWatch } from './gap-watch.ts';
import { createHttp } from './http/http.ts';
import { createIntake } from './intake.ts';
import { keepingOf } from './keeping.ts';
import { readMapPlan } from './map-config.ts';
import { createCentreFigures } from './operation/centre-figures.ts';
import { createOperation } from './operation/operation.ts';
import { createReplayDesk } from './replay-desk.ts';
import { createRulesDesk, type RulesDesk } from './rules-desk.ts';
import { withZoneMembers } from './speakers/speaker-config.ts';
import { createSpeakers, type Speakers } from './speakers/speakers.ts';
import { createStore } from './store/create-store.ts';
import { damageSetting } from './store/damage.ts';
import type { Store } from './store/store.ts';
import { createTellOthers, queueTargets } from './tell-others.ts';
import { createUnansweredWatch } from './unanswered-warnings.ts';
import { createWarningWatch } from './warning-watch.ts';

export type Collector = Readonly<{
  store: Store;
  enrolment: Enrolment;
  /** Rejects with one sentence when the port is taken. */
  start: () => Promise<Readonly<{ address: string; setupToken?: string; metricsAddress?: string }>>;
  stop: () => Promise<void>;
}>;

/** Opens the store at once; rejects with one sentence when it cannot be used. */
export async function createCollector(config: CollectorConfig, logger: Logger): Promise<Collector> {
  const now = Date.now;
  const opened = await openStore(config, logger, () => ({ link, speakers }));
  const { store, watch, close } = opened;
  const sendCommand: EdgeLink['sendCommand'] = (...order) => link.sendCommand(...order);
  const speakers = speakersOf(config, { store, sendCommand, logger, now });
  const flow = eventFlowOf(config, store, speakers.announce);
  const gaps = createGapWatch({ store, sendCommand, fileEvents: flow.file, logger, now });
  const { clips, retention, exports, ...keeping } = keepingOf(config, store, logger);
  const intake = createIntake({
    store,
    fileEvents: flow.file,
    ...{ onFiled: gaps.filed, onMissing: gaps.answered, takeClip: clips.take },
    acknowledge: (edgeId, ack) => link.acknowledge(edgeId, ack),
    onHealth: (health) => desk.compare(health),
    onReplayed: (answer) => replays.answered(answer),
    ...{ logger, now },
  });
  const enrolment = createEnrolment(store, now);
  const onMessage = onlyOfWelcome(enrolment, intake.take);
  const link = createEdgeLink(config.broker, { onMessage, onConnected: opened.announce }, logger);
  const replays = createReplayDesk({ store, connected: link.connected, sendCommand });
  const desk = createRulesDesk({ store, publishTo: link.publishRules, logger });
  const publishRules = rulesPublisher({ desk, warm: speakers.warm, logger });
  const edges = { connected: link.connected, publishRules, sendCommand };
  const served = { store, speakers, edges, enrolment, fileOfClip: clips.fileOf, logger, now };
  const desks = { exports, retention, map: readMapPlan(config), askReplay: replays.ask };
  const http = createHttp(config.http, { ...served, ...desks });

  return {
    store,
    enrolment,
    start: async () => {
      const metricsAddress = await watch();
      await enrolment.start();
      const facts = await http.start();
      link.start();
      gaps.start();
      await keeping.start();
      await speakers.start();
      void desk.announcements().then(speakers.warm);
      return { ...facts, ...(metricsAddress === undefined ? {} : { metricsAddress }) };
    },
    stop: async () => {
      await http.stop();
      enrolment.stop();
      await link.stop();
      await gaps.stop();
      await intake.stop();
      await keeping.stop();
      await speakers.stop();
      await close();
    },
  };
}

function rulesPublisher({
  desk,
  warm,
  logger,
}: Readonly<{
  desk: Pick<RulesDesk, 'publish' | 'announcements'>;
  warm: (announcements: Awaited<ReturnType<RulesDesk['announcements']>>) => unknown;
  logger: Logger;
}>): (rules: VersionedRules) => void {
  return (rules) => {
    desk
      .publish(rules)
      .catch((error: unknown) =>
        logger.error({ reason: String(error) }, 'rules could not be sent'),
      );
    void desk.announcements(rules).then(warm);
  };
}

/** Whatever the broker lets through, an edge whose right was taken away is not heard. */
function onlyOfWelcome(
  { mayReport }: Pick<Enrolment, 'mayReport'>,
  take: (topic: string, payload: Uint8Array) => void,
): typeof take {
  return (topic, payload) => {
    const edgeId = readTopic(topic)?.edgeId;
    if (edgeId === undefined || mayReport(edgeId)) take(topic, payload);
  };
}

/** The store with what watches it: the figures, their port if there is to be one, and the webhooks. */
async function openStore(
  config: CollectorConfig,
  logger: Logger,
  /** Asked later, when they are there. */
  parts: () => Readonly<{
    link: Pick<EdgeLink, 'connected' | 'publish'>;
    speakers: Pick<Speakers, 'views'>;
  }>,
) {
  const { cameras, metrics } = config;
  const file = join(config.dataFolder, 'collector.sqlite');
  const database = config.database ?? ({ kind: 'sqlite', file } as const);
  const now = Date.now;
  const settings = { database, places: cameras, zones: zonesOf(config), ...queueTargets(config) };
  const opened = await createStore(settings, now);
  const damage = await opened.setting(damageSetting);
  // Said at every start until somebody has looked after it and removed the setting.
  if (damage !== undefined)
    logger.error(
      { damage: JSON.parse(damage) as unknown },
      'the database was damaged and replaced',
    );
  const figures = createCentreFigures({
    store: opened,
    brokerConnected: () => parts().link.connected(),
    speakers: () => parts().speakers.views(),
    now,
  });
  const operation = metrics === undefined ? undefined : createOperation(metrics, figures, logger);
  const store = figures.counting(opened);
  const others = createTellOthers(config, {
    store,
    publish: (message) => parts().link.publish(message),
    onOutcome: figures.countWebhook,
    logger,
    now,
  });
  return {
    store,
    announce: others.announce,
    /** Answers with the address of the figures. */
    watch: async () => {
      const address = await operation?.start();
      others.start();
      return address;
    },
    close: async () => {
      await operation?.stop();
      await others.stop();
      figures.close();
      await store.close();
    },
  };
}

function zonesOf({ speakers, cameras }: CollectorConfig) {
  return withZoneMembers(speakers, cameras).flatMap((one) =>
    one.driver === 'zone' ? [{ speakerId: one.speakerId, speakerIds: one.speakerIds ?? [] }] : [],
  );
}

/** Whoever is warned is watched. Of several collectors, each also says what another was to say and did not. */
function speakersOf(
  config: CollectorConfig,
  parts: Parameters<typeof createSpeakers>[1] &
    Parameters<typeof createWarningWatch>[0] &
    Parameters<typeof createUnansweredWatch>[0],
): Speakers {
  const onBegun = createWarningWatch(parts);
  const speakers = createSpeakers(speakerSettings(config), { ...parts, onBegun });
  const takeover = createAnnouncementTakeover({ ...parts, announce: speakers.announce });
  const unanswered = createUnansweredWatch(parts);
  return {
    ...speakers,
    start: async () => {
      await speakers.start();
      unanswered.start();
      if (config.broker.shared === true) takeover.start();
    },
    stop: async () => {
      await unanswered.stop();
      await takeover.stop();
      await speakers.stop();
    },
  };
}

function speakerSettings(config: CollectorConfig): Parameters<typeof createSpeakers>[0] {
  const { dataFolder, voice, talk, broker } = config;
  const speakers = withZoneMembers(config.speakers, config.cameras);
  const { recordingsFolder = join(dataFolder, 'recordings') } = config;
  return {
    speakers,
    cacheFolder: join(dataFolder, 'speech'),
    recordingsFolder,
    ...voice,
    ...(talk === undefined ? {} : { talk }),
    isAlone: broker.shared !== true,
  };
}

function eventFlowOf(
  config: CollectorConfig,
  store: Store,
  announce: Speakers['announce'],
): EventFlow {
  const speakerOf = speakerFinder(config);
  return createEventFlow({ store, announce, speakerOf, newId: uuidv7, now: Date.now });
}

function speakerFinder({ cameras }: CollectorConfig): (cameraId: string) => string | undefined {
  const speakerIds = new Map(cameras.map(({ cameraId, speakerId }) => [cameraId, speakerId]));
  return (cameraId) => speakerIds.get(cameraId);
}
