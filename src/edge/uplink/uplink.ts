/**
 * The edge's way to the centre: events are kept in the outbox first, then published, and stay until the collector
 * acknowledges them after its own commit. A broker's PUBACK means nothing here.
 */

import { join } from 'node:path';
import type { Logger } from 'pino';
import type { BlindReport } from '../../contract/blind-time.ts';
import type { EdgeHealth } from '../../contract/edge-report.ts';
import type { EventDraft, RuleEvent } from '../../contract/rule-event.ts';
import { topicsOf } from '../../contract/topics.ts';
import { type BrokerSettings, createBrokerConnection } from './broker-connection.ts';
import { defaultOutboxSettings, type OutboxSettings, openOutbox } from './outbox.ts';
import { createOutboxSender } from './outbox-sender.ts';
import { createUplinkReceiver, type UplinkListeners } from './uplink-receiver.ts';

export type { UplinkListeners } from './uplink-receiver.ts';

export type UplinkSettings = Readonly<{
  edgeId: string;
  bootId: string;
  dataFolder: string;
  broker: BrokerSettings;
  outbox?: Partial<OutboxSettings>;
}>;

export type Uplink = Readonly<{
  start: () => void;
  /** The event is durable when this returns. Throws OutboxError when the disk does not take it. */
  report: (draft: EventDraft) => RuleEvent;
  attachSnapshot: (eventId: string, jpeg: Uint8Array) => void;
  publishHealth: (health: EdgeHealth) => void;
  publishBlindTime: (report: BlindReport) => void;
  outboxRows: () => number;
  /** One sentence while events cannot be kept as they should; undefined when all is well. */
  storageFault: () => string | undefined;
  connected: () => boolean;
  stop: () => Promise<void>;
}>;

/** Opens the outbox at once (throws OutboxError); the broker is dialled by `start`. */
export function createUplink(
  settings: UplinkSettings,
  listeners: UplinkListeners,
  logger: Logger,
  now: () => number = Date.now,
): Uplink {
  const topics = topicsOf(settings.edgeId);
  const outbox = openOutbox(join(settings.dataFolder, 'outbox.sqlite'), settings.edgeId, {
    ...defaultOutboxSettings,
    ...settings.outbox,
  });
  const connection = createBrokerConnection(
    settings.broker,
    { edgeId: settings.edgeId, bootId: settings.bootId, topics, now },
    {
      onConnect: () => sender.reconnected(),
      onMessage: (topic, payload) => receive(topic, payload),
    },
    logger,
  );
  const onFault = (reason: string): void => {
    logger.error({ reason }, 'dropped events could not be told yet');
  };
  const sender = createOutboxSender({ outbox, connection, topics, now, onFault });

  const receive = createUplinkReceiver({
    edgeId: settings.edgeId,
    outbox,
    sender,
    answerMissing: (missing) => void connection.publish(topics.missing, JSON.stringify(missing)),
    listeners,
    logger,
  });

  return {
    start: () => {
      connection.start();
      sender.start();
    },
    report: (draft) => {
      const event = outbox.add(draft, now());
      sender.wake();
      return event;
    },
    attachSnapshot: (eventId, jpeg) => {
      outbox.addSnapshot(eventId, jpeg, now());
      sender.wake();
    },
    publishBlindTime: (report) => {
      void connection.publish(topics.blind, JSON.stringify(report));
    },
    publishHealth: (health) => {
      void connection.publish(topics.health, JSON.stringify(health));
    },
    outboxRows: () => outbox.rows(),
    storageFault: outbox.fault,
    connected: connection.connected,
    stop: async () => {
      sender.stop();
      await connection.stop();
      outbox.close();
    },
  };
}
