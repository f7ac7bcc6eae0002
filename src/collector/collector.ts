/** The collector put together: store, intake, speakers, HTTP. Nothing runs before `start`. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { VersionedRules } from '../contract/rule.ts';
import { createSystemdWatchdog, type Watchdog } from '../contract/systemd-watchdog.ts';
import { readTopic } from '../contract/topics.ts';
import { createAnnouncementTakeover } from './announcement-takeover.ts';
import type { CollectorConfig } from './collector-config.ts';
import { createCondition } from './condition.ts';
import { createEdgeLink, type EdgeLink } from './edge-link.ts';
import { createEnrolment, type Enrolment } from './enrolment/enrolment.ts';
import { createEventFlow, type EventFlow } from './event-flow.ts';
import { createGapWatch, type GapWatch } from './gap-watch.ts';
import { createHttp, type Http } from './http/http.ts';
import { createIntake, type Intake } from './intake.ts';
import { keepingOf } from './keeping.ts';
import { readMapPlan } from './map-config.ts';
import { openStore } from './open-store.ts';
import { outputsWill } from './outputs/outputs.ts';
import { createReplayDesk } from './replay-desk.ts';
import { createRulesDesk, type RulesDesk } from './rules-desk.ts';
import { withZoneMembers } from './speakers/speaker-config.ts';
import { createSpeakers, type Speakers } from './speakers/speakers.ts';
import type { Store } from './store/store.ts';
import { createUnansweredWatch } from './unanswered-warnings.ts';
import { createWarningWatch } from './warning-watch.ts';

const drainWithinMs = 4000;

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
  const { dataFolder } = config;
  const opened = await openStore(config, logger, () => ({ link, speakers, condition }));
  const { store } = opened;
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
  const condition = createCondition({ dataFolder, stalledForMs: intake.stalledForMs });
  const watchdog = createSystemdWatchdog(condition.helpsItself, logger);
  const enrolment = createEnrolment(store, now);
  const onMessage = onlyOfWelcome(enrolment, intake.take);
  const heard = { onMessage, onConnected: opened.announce };
  const link = createEdgeLink(config.broker, heard, logger, outputsWill(config.outputs ?? {}));
  const replays = createReplayDesk({ store, connected: link.connected, sendCommand });
  const desk = createRulesDesk({ store, publishTo: link.publishRules, logger });
  const publishRules = rulesPublisher({ desk, warm: speakers.warm, logger });
  const { connected, certificateEndsAtMs } = link;
  const edges = { connected, certificateEndsAtMs, publishRules, sendCommand };
  const served = { store, speakers, edges, enrolment, fileOfClip: clips.fileOf, logger, now };
  const desks = {
    ...{ exports, retention, condition },
    map: readMapPlan(config),
    askReplay: replays.ask,
  };
  const http = createHttp(config.http, { ...served, ...desks });

  const parts = { opened, http, link, gaps, intake, keeping, speakers, enrolment, watchdog };
  const warm = () => desk.announcements().then(speakers.warm);
  return { store, enrolment, start: () => startAll(parts, warm), stop: () => stopAll(parts) };
}

type Parts = Readonly<{
  opened: Awaited<ReturnType<typeof openStore>>;
  http: Http;
  link: EdgeLink;
  gaps: GapWatch;
  intake: Intake;
  keeping: Pick<ReturnType<typeof keepingOf>, 'start' | 'stop'>;
  speakers: Speakers;
  enrolment: Enrolment;
  watchdog: Watchdog;
}>;

async function startAll(parts: Parts, warm: () => unknown): ReturnType<Collector['start']> {
  const metricsAddress = await parts.opened.watch();
  await parts.enrolment.start();
  const facts = await parts.http.start();
  parts.link.start();
  parts.gaps.start();
  await parts.keeping.start();
  await parts.speakers.start();
  void warm();
  parts.watchdog.start();
  return { ...facts, ...(metricsAddress === undefined ? {} : { metricsAddress }) };
}

/** What was taken is filed and acknowledged before the line goes down; what comes now goes to others or comes again. */
async function stopAll(parts: Parts): Promise<void> {
  parts.watchdog.stop();
  await parts.http.stop();
  parts.enrolment.stop();
  await parts.link.hearNoMore();
  await parts.intake.stop(drainWithinMs);
  await parts.gaps.stop();
  await parts.link.stop();
  await parts.keeping.stop();
  await parts.speakers.stop();
  await parts.opened.close();
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

/** Whoever is warned is watched. Each collector also says what it or another was to say and did not. */
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
      takeover.start();
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
