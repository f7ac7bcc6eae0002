/**
 * One edge box: inference pool, a worker per camera, rules, uplink, live pictures, put together.
 * Nothing runs before `start`.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { EdgeHealth } from '../contract/edge-report.ts';
import { streetLabels } from '../contract/rule.ts';
import type { EventDraft } from '../contract/rule-event.ts';
import { createSystemdWatchdog, type Watchdog } from '../contract/systemd-watchdog.ts';
import { blindCounter } from './blind-counter.ts';
import { type BlindTime, createBlindTime } from './blind-time/blind-time.ts';
import { createBoxStreams, withClips } from './box-streams.ts';
import { type CameraStates, createCameraStates } from './camera-states.ts';
import type { Clips } from './clips/clips.ts';
import { commandTaker } from './command-taker.ts';
import { createInferencePool, type InferencePool } from './detector/inference-pool.ts';
import type { EdgeConfig } from './edge-config.ts';
import type { LiveView } from './live/live-view.ts';
import { createReplayDesk, type ReplayDesk } from './replay-desk.ts';
import { createRuleBook, type RuleBook } from './rule-book.ts';
import type { BoxReport } from './status/box-report.ts';
import { createStatus, type Status } from './status/status.ts';
import { createTrackLog, type TrackLog } from './track-log/track-log.ts';
import { createUplink, type Uplink, type UplinkListeners } from './uplink/uplink.ts';
import { createWarningDesk, type WarningDesk } from './warning-desk.ts';
import type { RunningRules } from './worker-messages.ts';
import { createWorkerReports, type WorkerReports } from './worker-reports.ts';
import { createWorkerSupervisor, type WorkerSupervisor } from './worker-supervisor.ts';

const tickMs = 1000;
/** No word of any camera worker for so long: the box hangs. Workers tell that they live each second, pictures or not. */
const deafAfterMs = 60_000;

export type Edge = Readonly<{
  /** Rejects with one sentence when the model cannot be used. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Events that the centre has not acknowledged yet. */
  outboxRows: () => number;
}>;

/**
 * Throws with one sentence when a rules file or the outbox cannot be used. `onStuck` is told when the box cannot go on in this
 * process; after `stop` it must be ended by a signal then.
 */
export function createEdge(
  config: EdgeConfig,
  logger: Logger,
  onStuck: (reason: string) => void = () => undefined,
): Edge {
  const parts = assemble(config, logger, onStuck);
  const { pool, live, uplink, supervisor, states, reports, publishHealth, status, watchdog } =
    parts;
  const { countBlindTime, blindTime, clips, warnings, replays } = parts;
  let tick: NodeJS.Timeout | undefined;

  return {
    start: async () => {
      await status?.start();
      const model = await pool.start();
      uplink.start();
      supervisor.start(model);
      clips.start();
      tick = setInterval(() => {
        for (const draft of states.dueEvents(Date.now())) reports.report(draft);
        publishHealth();
        warnings.elapse();
        countBlindTime();
      }, tickMs);
      watchdog.start();
      logger.info({ edgeId: config.edgeId, cameras: config.cameras.length }, 'edge started');
    },
    stop: async () => {
      clearInterval(tick);
      watchdog.stop();
      await status?.stop();
      await live.stopAll();
      await replays.stop();
      await clips.stop();
      await supervisor.stop();
      await pool.stop();
      await uplink.stop();
      blindTime.close(Date.now());
      logger.info({ edgeId: config.edgeId }, 'edge stopped');
    },
    outboxRows: uplink.outboxRows,
  };
}

type Parts = Readonly<{
  pool: InferencePool;
  live: LiveView;
  clips: Clips;
  uplink: Uplink;
  supervisor: WorkerSupervisor;
  states: CameraStates;
  reports: WorkerReports;
  publishHealth: () => void;
  blindTime: BlindTime;
  countBlindTime: () => void;
  warnings: WarningDesk;
  replays: ReplayDesk;
  status: Status | undefined;
  watchdog: Watchdog;
}>;

function assemble(config: EdgeConfig, logger: Logger, onStuck: (reason: string) => void): Parts {
  const { edgeId, dataFolder, broker, outbox, cameras } = config;
  const bootId = randomUUID();
  const states = createCameraStates(cameras, Date.now());
  const ruleBook = createRuleBook(join(dataFolder, 'rules'), cameras, logger);
  const pool = createInferencePool({ ...poolSettings(config, logger), onStuck });
  const report = (draft: EventDraft): unknown => reports.report(draft);
  const streams = { states, ruleBook, report, logger };
  const { live, clips, masksChanged } = createBoxStreams(config, streams);
  const health = (): EdgeHealth => healthNow({ edgeId, bootId, pool, uplink, states, ruleBook });
  const publishHealth = (): void => uplink.publishHealth(health());
  const apply = (cameraId: string, rules: RunningRules): void => {
    supervisor.applyRules(cameraId, rules);
    masksChanged(cameraId);
  };
  const post: WorkerSupervisor['post'] = (...told) => supervisor.post(...told);
  const warnings = createWarningDesk({ post, report, now: Date.now });
  const replays = replaysOf(config, (answer) => uplink.publishReplayed(answer), logger);
  const onCommand = commandTaker(live, warnings, replays);
  const uplink = createUplink(
    { edgeId, bootId, dataFolder, broker, clips, ...(outbox === undefined ? {} : { outbox }) },
    { ...ruleListeners(ruleBook, publishHealth, apply), onCommand },
    logger,
  );
  const books = { states, ruleBook, trackLog: openTrackLog(dataFolder, logger) };
  const kept = { ...books, uplink: withClips(uplink, clips, ruleBook) };
  const onLeaving = warnings.answered;
  const reports = createWorkerReports({ ...kept, onLeaving, onChange: publishHealth, logger });
  const supervisor = createWorkerSupervisor({
    cameras,
    connectInference: pool.connect,
    rulesOf: ruleBook.current,
    onMessage: (cameraId, message) => {
      if (message.kind === 'pulse') pulsedAt = performance.now();
      reports.take(cameraId, message);
    },
    logger,
  });
  const startedAtMs = Date.now();
  // Of a clock that nobody sets: a jump must not look like silence.
  let pulsedAt = performance.now();
  const blindTime = createBlindTime(join(dataFolder, 'blind-time.sqlite'), logger);
  const boxReport = (): BoxReport => ({
    blindToday: blindTime.today(Date.now()),
    health: health(),
    loads: states.loads(),
    looks: pool.figures(),
    startedAtMs,
    brokerConnected: uplink.connected(),
  });
  const status =
    config.status === undefined ? undefined : createStatus(config.status, boxReport, logger);
  const watchdog = createSystemdWatchdog(() => performance.now() - pulsedAt < deafAfterMs, logger);
  const countBlindTime = blindCounter(config, { blindTime, states, ruleBook, uplink });
  return {
    ...{ pool, live, clips, uplink, supervisor, states, reports, publishHealth, status, watchdog },
    ...{ blindTime, countBlindTime, warnings, replays },
  };
}

function healthNow(
  parts: Pick<EdgeHealth, 'edgeId' | 'bootId'> &
    Readonly<{
      pool: Pick<InferencePool, 'figures'>;
      uplink: Pick<Uplink, 'outboxRows' | 'storageFault' | 'certificateEndsAtMs'>;
      states: CameraStates;
      ruleBook: RuleBook;
    }>,
): EdgeHealth {
  const { edgeId, bootId, pool, uplink, states, ruleBook } = parts;
  const { inferenceMs } = pool.figures();
  const storageFault = uplink.storageFault();
  const certificateEndsAtMs = uplink.certificateEndsAtMs();
  return {
    edgeId,
    bootId,
    atMs: Date.now(),
    outboxRows: uplink.outboxRows(),
    cameras: [...states.health(ruleBook.report)],
    ...(inferenceMs === undefined ? {} : { inferenceMs }),
    ...(storageFault === undefined ? {} : { storageFault }),
    ...(certificateEndsAtMs === undefined ? {} : { certificateEndsAtMs }),
  };
}

function poolSettings(
  { detector }: EdgeConfig,
  logger: Logger,
): Parameters<typeof createInferencePool>[0] {
  return {
    manifestPath: detector.manifest,
    logger,
    labels: streetLabels,
    ...(detector.provider === undefined ? {} : { provider: detector.provider }),
    ...(detector.threads === undefined ? {} : { threads: detector.threads }),
    ...(detector.leastConfidence === undefined
      ? {}
      : { leastConfidence: detector.leastConfidence }),
  };
}

function replaysOf(
  { edgeId, dataFolder, cameras }: EdgeConfig,
  answer: Parameters<typeof createReplayDesk>[0]['answer'],
  logger: Logger,
): ReplayDesk {
  const cameraIds = cameras.map(({ cameraId }) => cameraId);
  const folder = tracksFolder(dataFolder);
  return createReplayDesk({ edgeId, folder, cameraIds, answer, logger, now: Date.now });
}

const tracksFolder = (dataFolder: string): string => join(dataFolder, 'tracks');

/** Without a track log the box watches on; only "what would this rule have done" has no answer. */
function openTrackLog(dataFolder: string, logger: Logger): TrackLog {
  return createTrackLog({
    folder: tracksFolder(dataFolder),
    onFailure: (cameraId, reason) => logger.error({ cameraId, reason }, 'tracks are not kept'),
    onRecovery: (cameraId) => logger.info({ cameraId }, 'tracks are kept again'),
  });
}

function ruleListeners(
  ruleBook: RuleBook,
  onChange: () => void,
  apply: (cameraId: string, rules: RunningRules) => void,
): Pick<UplinkListeners, 'onRules' | 'onUnreadableRules'> {
  return {
    onRules: (sent) => {
      const rules = ruleBook.accept(sent);
      if (rules !== undefined) apply(sent.cameraId, rules);
      onChange();
    },
    onUnreadableRules: (cameraId, reason) => {
      ruleBook.refuse(cameraId, 0, reason);
      onChange();
    },
  };
}
