/**
 * One edge box: inference pool, a worker per camera, rules, uplink, live pictures, put together.
 * Nothing runs before `start`.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Command } from '../contract/edge-report.ts';
import type { VersionedRules } from '../contract/rule.ts';
import type { EventDraft } from '../contract/rule-event.ts';
import { createCameraStates } from './camera-states.ts';
import { createInferencePool, type ModelFacts } from './detector/detector.ts';
import type { EdgeConfig } from './edge-config.ts';
import { createLiveView } from './live/live-view.ts';
import { createRuleBook } from './rule-book.ts';
import { createUplink } from './uplink/uplink.ts';
import type { FromWorker } from './worker-messages.ts';
import { createWorkerSupervisor, type WorkerSupervisor } from './worker-supervisor.ts';

const tickMs = 1000;

export type Edge = Readonly<{
  /** Rejects with one sentence when the model, a rules file or the outbox cannot be used. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
}>;

export function createEdge(config: EdgeConfig, logger: Logger): Edge {
  const bootId = randomUUID();
  const states = createCameraStates(config.cameras, Date.now());
  const ruleBook = createRuleBook(join(config.dataFolder, 'rules'), config.cameras);
  const pool = createInferencePool({
    manifestPath: config.detector.manifest,
    logger,
    ...(config.detector.threads === undefined ? {} : { threads: config.detector.threads }),
  });
  const live = createLiveView({
    cameras: config.cameras,
    collectorUrl: config.collectorUrl,
    logger,
  });
  let supervisor: WorkerSupervisor | undefined;
  let tick: NodeJS.Timeout | undefined;

  const takeRules = (sent: VersionedRules): void => {
    const rules = ruleBook.accept(sent);
    if (rules !== undefined) supervisor?.applyRules(sent.cameraId, rules);
    publishHealth();
  };
  const takeCommand = (command: Command): void => {
    if (command.kind === 'start-live') live.start(command);
    else live.stop(command.cameraId);
  };
  const uplink = createUplink(
    { edgeId: config.edgeId, bootId, dataFolder: config.dataFolder, broker: config.broker },
    {
      onRules: takeRules,
      onUnreadableRules: (cameraId, reason) => {
        ruleBook.refuse(cameraId, 0, reason);
        publishHealth();
      },
      onCommand: takeCommand,
    },
    logger,
  );

  const publishHealth = (): void => {
    const inferenceMs = pool.inferenceMs();
    uplink.publishHealth({
      edgeId: config.edgeId,
      bootId,
      atMs: Date.now(),
      cameras: [...states.health(ruleBook.report)],
      ...(inferenceMs === undefined ? {} : { inferenceMs }),
    });
  };
  const report = (draft: EventDraft): string | undefined => {
    try {
      return uplink.report(draft).eventId;
    } catch (error) {
      logger.error(
        { cameraId: draft.cameraId, kind: draft.kind, reason: String(error) },
        'event could not be kept',
      );
      return undefined;
    }
  };
  const takeMessage = createMessageTaker({
    states,
    ruleBook,
    uplink,
    report,
    publishHealth,
    logger,
  });

  return {
    start: async () => {
      const model = await pool.start();
      uplink.start();
      supervisor = createWorkerSupervisor<ModelFacts>({
        cameras: config.cameras,
        model,
        connectInference: pool.connect,
        rulesOf: ruleBook.current,
        onMessage: takeMessage,
        logger,
      });
      supervisor.start();
      tick = setInterval(() => {
        for (const draft of states.dueEvents(Date.now())) report(draft);
        publishHealth();
      }, tickMs);
      logger.info(
        { edgeId: config.edgeId, cameras: config.cameras.length, model: model.version },
        'edge started',
      );
    },
    stop: async () => {
      clearInterval(tick);
      await live.stopAll();
      await supervisor?.stop();
      await pool.stop();
      await uplink.stop();
      logger.info({ edgeId: config.edgeId }, 'edge stopped');
    },
  };
}

type MessageParts = Readonly<{
  states: ReturnType<typeof createCameraStates>;
  ruleBook: ReturnType<typeof createRuleBook>;
  uplink: Pick<ReturnType<typeof createUplink>, 'attachSnapshot'>;
  report: (draft: EventDraft) => string | undefined;
  publishHealth: () => void;
  logger: Logger;
}>;

/** What the main thread does with a worker's message. */
function createMessageTaker(parts: MessageParts): (cameraId: string, message: FromWorker) => void {
  const eventIds = new Map<string, string>();
  return (cameraId, message) => {
    switch (message.kind) {
      case 'event': {
        const eventId = parts.report(message.draft);
        if (eventId !== undefined) eventIds.set(`${cameraId}/${message.reportId}`, eventId);
        break;
      }
      case 'snapshot': {
        const key = `${cameraId}/${message.reportId}`;
        const eventId = eventIds.get(key);
        eventIds.delete(key);
        if (eventId !== undefined) parts.uplink.attachSnapshot(eventId, message.jpeg);
        break;
      }
      case 'state':
        parts.states.changed(cameraId, message.state, message.reason, message.atMs);
        parts.logger.info(
          { cameraId, state: message.state, reason: message.reason },
          'camera state',
        );
        parts.publishHealth();
        break;
      case 'rules-applied':
        parts.ruleBook.applied(cameraId, message.version);
        parts.publishHealth();
        break;
      case 'pulse':
        parts.states.pulse(cameraId, message);
        break;
      default:
        message satisfies never;
    }
  };
}
