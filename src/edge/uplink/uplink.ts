/**
 * The edge's way to the centre: events are kept in the outbox first, then published, and stay until the collector
 * acknowledges them after its own commit. A broker's PUBACK means nothing here.
 */

import { join } from 'node:path';
import type { Logger } from 'pino';
import type { BlindReport } from '../../contract/blind-time.ts';
import type { EdgeHealth } from '../../contract/edge-report.ts';
import type { EventDraft, RuleEvent } from '../../contract/rule-event.ts';
import type { RuleReplayed } from '../../contract/rule-replay.ts';
import { type EdgeTopics, topicsOf } from '../../contract/topics.ts';
import {
  type BrokerConnection,
  type BrokerSettings,
  createBrokerConnection,
} from './broker-connection.ts';
import { type ClipSender, type ClipSource, createClipSender } from './clip-sender.ts';
import { type Clocks, createEdgeClock, type EdgeClock, systemClocks } from './edge-clock.ts';
import { defaultOutboxSettings, type Outbox, type OutboxSettings, openOutbox } from './outbox.ts';
import { createOutboxSender } from './outbox-sender.ts';
import { createUplinkReceiver, type UplinkListeners } from './uplink-receiver.ts';

export type { UplinkListeners } from './uplink-receiver.ts';

export type UplinkSettings = Readonly<{
  edgeId: string;
  bootId: string;
  dataFolder: string;
  broker: BrokerSettings;
  outbox?: Partial<OutboxSettings>;
  /** Where clips come from, if any are kept. */
  clips?: ClipSource;
}>;

export type Uplink = Readonly<{
  start: () => void;
  /** The event is durable when this returns. Throws OutboxError when the disk does not take it. */
  report: (draft: EventDraft) => RuleEvent;
  attachSnapshot: (eventId: string, jpeg: Uint8Array) => void;
  publishHealth: (health: EdgeHealth) => void;
  publishBlindTime: (report: BlindReport) => void;
  publishReplayed: (answer: RuleReplayed) => void;
  outboxRows: () => number;
  /** One sentence while events cannot be kept as they should; undefined when all is well. */
  storageFault: () => string | undefined;
  connected: () => boolean;
  /** Until when the broker's certificate is good; undefined without one. */
  certificateEndsAtMs: () => number | undefined;
  stop: () => Promise<void>;
}>;

/** Opens the outbox at once (throws OutboxError); the broker is dialled by `start`. */
export function createUplink(
  settings: UplinkSettings,
  listeners: UplinkListeners,
  logger: Logger,
  clocks: Clocks = systemClocks,
): Uplink {
  const topics = topicsOf(settings.edgeId);
  const outbox = openOutbox(join(settings.dataFolder, 'outbox.sqlite'), settings.edgeId, {
    ...defaultOutboxSettings,
    ...settings.outbox,
  });
  if (outbox.damage !== undefined)
    logger.error(outbox.damage, 'the outbox was damaged; what could be read is kept');
  const clock = createEdgeClock(clocks, outbox.newestAtMs());
  const connection = createBrokerConnection(
    settings.broker,
    { edgeId: settings.edgeId, bootId: settings.bootId, topics, now: clocks.wallMs },
    {
      onConnect: () => {
        clips?.reconnected();
        sender.reconnected();
      },
      onMessage: (topic, payload) => receive(topic, payload),
    },
    logger,
  );
  const say = sayer(connection);
  const sender = createOutboxSender({
    ...{ outbox, connection, topics, clock },
    onFault: (reason) => logger.error({ reason }, 'dropped events could not be told yet'),
    onSent: () => clips?.pump(),
  });
  const clips = clipSenderOf(settings.clips, connection, topics, sender.isQuiet, logger);

  const store = storing(outbox, clock);
  const receive = createUplinkReceiver({
    ...{ edgeId: settings.edgeId, outbox, sender, clips, listeners, logger },
    answerMissing: (missing) => say(topics.missing, missing),
  });

  return {
    start: () => {
      connection.start();
      sender.start();
    },
    report: (draft) => {
      const event = store(draft);
      sender.wake();
      return event;
    },
    attachSnapshot: (eventId, jpeg) => {
      outbox.addSnapshot(eventId, jpeg, clock.read().agedMs);
      sender.wake();
    },
    publishBlindTime: (report) => say(topics.blind, report),
    publishReplayed: (answer) => say(topics.replayed, answer),
    publishHealth: (health) => say(topics.health, health),
    outboxRows: outbox.rows,
    storageFault: outbox.fault,
    connected: connection.connected,
    certificateEndsAtMs: connection.certificateEndsAtMs,
    stop: async () => {
      sender.stop();
      await connection.stop();
      outbox.close();
    },
  };
}

function sayer(connection: BrokerConnection): (topic: string, message: unknown) => void {
  return (topic, message) => void connection.publish(topic, JSON.stringify(message));
}

function storing(outbox: Pick<Outbox, 'add'>, clock: EdgeClock): Uplink['report'] {
  return (draft) => {
    const { wallMs, agedMs, ...mark } = clock.read();
    return outbox.add(draft, wallMs, { storedAtMs: agedMs, ...mark });
  };
}

function clipSenderOf(
  source: ClipSource | undefined,
  connection: BrokerConnection,
  topics: EdgeTopics,
  isQuiet: () => boolean,
  logger: Logger,
): ClipSender | undefined {
  if (source === undefined) return undefined;
  const onFault = (reason: string): void => logger.error({ reason }, 'clip could not be sent');
  return createClipSender({ source, connection, topics, isQuiet, onFault });
}
