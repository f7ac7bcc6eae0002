/**
 * The edge's way to the centre: events are kept in the outbox first, then published, and stay until the collector
 * acknowledges them after its own commit. A broker's PUBACK means nothing here.
 */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createCheck } from '../../contract/check.ts';
import { Ack, Command, type EdgeHealth } from '../../contract/edge-report.ts';
import { VersionedRules } from '../../contract/rule.ts';
import type { EventDraft, RuleEvent } from '../../contract/rule-event.ts';
import { readTopic, topicsOf } from '../../contract/topics.ts';
import { type BrokerSettings, createBrokerConnection } from './broker-connection.ts';
import { openOutbox } from './outbox.ts';
import { createOutboxSender } from './outbox-sender.ts';

export type UplinkSettings = Readonly<{
  edgeId: string;
  bootId: string;
  dataFolder: string;
  broker: BrokerSettings;
}>;

export type UplinkListeners = Readonly<{
  onRules: (rules: VersionedRules) => void;
  /** Rules that do not fit the contract; the camera id comes from the topic. */
  onUnreadableRules: (cameraId: string, reason: string) => void;
  onCommand: (command: Command) => void;
}>;

export type Uplink = Readonly<{
  start: () => void;
  /** The event is durable when this returns. Throws OutboxError when the disk does not take it. */
  report: (draft: EventDraft) => RuleEvent;
  attachSnapshot: (eventId: string, jpeg: Uint8Array) => void;
  publishHealth: (health: EdgeHealth) => void;
  outboxRows: () => number;
  connected: () => boolean;
  stop: () => Promise<void>;
}>;

const checkAck = createCheck(Ack);
const checkRules = createCheck(VersionedRules);
const checkCommand = createCheck(Command);

/** Opens the outbox at once (throws OutboxError); the broker is dialled by `start`. */
export function createUplink(
  settings: UplinkSettings,
  listeners: UplinkListeners,
  logger: Logger,
  now: () => number = Date.now,
): Uplink {
  const topics = topicsOf(settings.edgeId);
  const outbox = openOutbox(join(settings.dataFolder, 'outbox.sqlite'), settings.edgeId);
  const connection = createBrokerConnection(
    settings.broker,
    { edgeId: settings.edgeId, bootId: settings.bootId, topics, now },
    {
      onConnect: () => sender.reconnected(),
      onMessage: (topic, payload) => receive(topic, payload),
    },
    logger,
  );
  const sender = createOutboxSender({ outbox, connection, topics, now });

  // A full disk also refuses deletes: the rows stay, are sent again, and the collector knows them already.
  const settle = (ack: Ack): void => {
    try {
      sender.acknowledged(ack);
    } catch (error) {
      logger.error({ reason: String(error) }, 'acknowledged events could not be removed');
    }
  };

  const receive = (topic: string, payload: Uint8Array): void => {
    const place = readTopic(topic);
    const message = parse(payload);
    if (place?.kind === 'ack') {
      const ack = checkAck(message);
      if (ack.ok) settle(ack.value);
      else logger.warn({ topic, reason: ack.reason }, 'acknowledgement not understood');
    } else if (place?.kind === 'rules') {
      const rules = checkRules(message);
      if (rules.ok) listeners.onRules(rules.value);
      else listeners.onUnreadableRules(place.cameraId, rules.reason);
    } else if (place?.kind === 'command') {
      const command = checkCommand(message);
      if (command.ok) listeners.onCommand(command.value);
      else logger.warn({ topic, reason: command.reason }, 'command not understood');
    }
  };

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
    publishHealth: (health) => {
      void connection.publish(topics.health, JSON.stringify(health));
    },
    outboxRows: () => outbox.rows(),
    connected: connection.connected,
    stop: async () => {
      sender.stop();
      await connection.stop();
      outbox.close();
    },
  };
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
