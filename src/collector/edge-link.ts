/**
 * The collector's side of MQTT: what edges say goes to the intake, what they are told goes out. Clean sessions and
 * QoS 1; durability is the intake's acknowledgement after its commit, never the broker's.
 */
import { readFileSync } from 'node:fs';
import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { watchCertificate } from '../contract/certificate-watch.ts';
import type { Ack, Command } from '../contract/edge-report.ts';
import type { VersionedRules } from '../contract/rule.ts';
import {
  collectorSubscriptions,
  sharedCollectorSubscriptions,
  topicsOf,
} from '../contract/topics.ts';
import type { BrokerConfig } from './collector-config.ts';

export type EdgeLink = Readonly<{
  start: () => void;
  connected: () => boolean;
  acknowledge: (edgeId: string, ack: Ack) => void;
  /** Retained, so that an edge that is away finds them when it is back. */
  publishRules: (edgeId: string, rules: VersionedRules) => void;
  sendCommand: (edgeId: string, command: Command) => void;
  /** For others on the same broker: true once the broker has it, false when it is away. */
  publish: (
    message: Readonly<{ topic: string; payload: string; retain: boolean }>,
  ) => Promise<boolean>;
  stop: () => Promise<void>;
}>;

type Listeners = Readonly<{
  /** Has to return at once: a slow handler holds up the keep-alive of the connection. */
  onMessage: (topic: string, payload: Uint8Array) => void;
  onConnected?: () => void;
}>;

/** Nothing is dialled before `start`; an unreachable broker is tried again each second and logged once an outage. */
export function createEdgeLink(
  broker: BrokerConfig,
  listeners: Listeners,
  logger: Logger,
): EdgeLink {
  let client: MqttClient | undefined;
  const publish = (topic: string, message: unknown, retain = false): void => {
    if (client?.connected === true)
      client.publish(topic, JSON.stringify(message), { qos: 1, retain });
  };
  return {
    start: () => {
      client = mqtt.connect(broker.url, {
        protocolVersion: 4,
        clean: true,
        keepalive: 60,
        reconnectPeriod: 1000,
        queueQoSZero: false,
        ...(broker.username === undefined ? {} : { username: broker.username }),
        ...(broker.password === undefined ? {} : { password: broker.password }),
        ...(broker.caFile === undefined ? {} : { ca: readFileSync(broker.caFile) }),
      });
      listen(client, broker, listeners, logger);
    },
    connected: () => client?.connected === true,
    acknowledge: (edgeId, ack) => publish(topicsOf(edgeId).ack, ack),
    publishRules: (edgeId, rules) => publish(topicsOf(edgeId).rules(rules.cameraId), rules, true),
    sendCommand: (edgeId, command) => publish(topicsOf(edgeId).command, command),
    publish: async ({ topic, payload, retain }) => {
      if (client?.connected !== true) return false;
      return client.publishAsync(topic, payload, { qos: 1, retain }).then(
        () => true,
        () => false,
      );
    },
    stop: async () => {
      await client?.endAsync(true);
    },
  };
}

function listen(
  client: MqttClient,
  { url, shared = false }: Readonly<{ url: string; shared?: boolean }>,
  listeners: Listeners,
  logger: Logger,
): void {
  let outageLogged = false;
  const sayOnce = (reason: string): void => {
    if (!outageLogged)
      logger.warn({ broker: url, reason }, 'broker not reachable; it is tried again each second');
    outageLogged = true;
  };
  client.on('connect', () => {
    outageLogged = false;
    logger.info({ broker: url }, 'broker connected');
    const topics = shared ? sharedCollectorSubscriptions : collectorSubscriptions;
    client.subscribe([...topics], { qos: 1 });
    listeners.onConnected?.();
  });
  watchCertificate(client, (daysLeft) =>
    logger.warn({ broker: url, daysLeft }, 'the certificate of the broker runs out; renew it'),
  );
  client.on('error', (error) => sayOnce(error.message));
  client.on('close', () => sayOnce('the connection closed'));
  client.on('message', (topic, payload) => listeners.onMessage(topic, payload));
}
