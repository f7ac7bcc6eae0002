/**
 * The collector's side of MQTT: what edges say goes to the intake, what they are told goes out. Clean sessions and
 * QoS 1; durability is the intake's acknowledgement after its commit, never the broker's.
 */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { type CertificateWatch, watchCertificate } from '../contract/certificate-watch.ts';
import type { Ack, Command } from '../contract/edge-report.ts';
import { plainLinkWarning } from '../contract/plain-link.ts';
import type { VersionedRules } from '../contract/rule.ts';
import {
  collectorSubscriptions,
  readTopic,
  sharedCollectorSubscriptions,
  topicsOf,
} from '../contract/topics.ts';
import type { BrokerConfig } from './collector-config.ts';

export type EdgeLink = Readonly<{
  start: () => void;
  /** The broker is there and lets the collector hear what edges say. */
  connected: () => boolean;
  /** No more is heard from now on, while what is said still goes out. */
  hearNoMore: () => Promise<void>;
  /** Until when the broker's certificate is good; undefined without one. */
  certificateEndsAtMs: () => number | undefined;
  acknowledge: (edgeId: string, ack: Ack) => void;
  /** Retained, so that an edge that is away finds them when it is back. */
  publishRules: (edgeId: string, rules: VersionedRules) => void;
  sendCommand: (edgeId: string, command: Command) => void;
  /** For others on the same broker: true once the broker has it, false when it is away. */
  publish: (
    message: Readonly<{ topic: string; payload: string; retain: boolean }>,
  ) => Promise<boolean>;
  /** What was said has gone out, or the broker does not take it. */
  stop: () => Promise<void>;
}>;

const goodbyeMs = 1000;
/** What a broker grants when it refuses (MQTT 3.1.1, 3.9.3). */
const refusedQos = 128;

type Listeners = Readonly<{
  /** Has to return at once: a slow handler holds up the keep-alive of the connection. */
  onMessage: (topic: string, payload: Uint8Array) => void;
  onConnected?: () => void;
}>;

/** Retained, and said by the broker when the collector does not come back, by itself when it ends. */
type Will = Readonly<{ topic: string; payload: string; retain: boolean }>;

/** Nothing is dialled before `start`; an unreachable broker is tried again twice a second and logged once an outage. */
export function createEdgeLink(
  broker: BrokerConfig,
  listeners: Listeners,
  logger: Logger,
  will?: Will,
): EdgeLink {
  let client: MqttClient | undefined;
  let hears = false;
  let certificate: CertificateWatch | undefined;
  const publish = (topic: string, message: unknown, retain = false): void => {
    if (client?.connected === true)
      client.publish(topic, JSON.stringify(message), { qos: 1, retain });
  };
  return {
    start: () => {
      const warning = plainLinkWarning(broker.url);
      if (warning !== undefined) logger.warn({ broker: broker.url }, warning);
      client = mqtt.connect(broker.url, {
        protocolVersion: 4,
        clean: true,
        keepalive: 60,
        reconnectPeriod: 500,
        queueQoSZero: false,
        ...(broker.username === undefined ? {} : { username: broker.username }),
        ...(broker.password === undefined ? {} : { password: broker.password }),
        ...(will === undefined
          ? {}
          : { will: { ...will, payload: Buffer.from(will.payload), qos: 1 } }),
        ...(broker.caFile === undefined ? {} : { ca: readFileSync(broker.caFile) }),
      });
      const onHearing = (now: boolean): void => {
        hears = now;
      };
      const onKnown = (edgeId: string): void =>
        publish(topicsOf(edgeId).ack, { eventIds: [], snapshotIds: [], beginsToHear: true });
      certificate = listen(client, broker, { ...listeners, onHearing, onKnown }, logger);
    },
    connected: () => client?.connected === true && hears,
    hearNoMore: async () => {
      if (client?.connected !== true) return;
      await withinGoodbye(client.unsubscribeAsync([...topicsFor(broker)]));
    },
    certificateEndsAtMs: () => certificate?.endsAtMs(),
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
      if (client?.connected === true) {
        const { topic = '', payload = '', retain = false } = will ?? {};
        if (will !== undefined)
          await withinGoodbye(client.publishAsync(topic, payload, { qos: 1, retain }));
        await withinGoodbye(client.endAsync());
      }
      await client?.endAsync(true);
    },
  };
}

function withinGoodbye(saying: Promise<unknown>): Promise<unknown> {
  const patience = new AbortController();
  const { signal } = patience;
  const fine = saying.catch(() => undefined);
  return Promise.race([fine, setTimeout(goodbyeMs, undefined, { signal })]).finally(() =>
    patience.abort(),
  );
}

const topicsFor = ({ shared = false }: Pick<BrokerConfig, 'shared'>): readonly string[] =>
  shared ? sharedCollectorSubscriptions : collectorSubscriptions;

function listen(
  client: MqttClient,
  broker: Pick<BrokerConfig, 'url' | 'shared'>,
  listeners: Listeners &
    Readonly<{ onHearing: (now: boolean) => void; onKnown: (edgeId: string) => void }>,
  logger: Logger,
): CertificateWatch {
  const { url } = broker;
  let outageLogged = false;
  const sayOnce = (reason: string): void => {
    if (!outageLogged)
      logger.warn(
        { broker: url, reason },
        'broker not reachable; it is tried again twice a second',
      );
    outageLogged = true;
  };
  client.on('connect', () => {
    outageLogged = false;
    logger.info({ broker: url }, 'broker connected');
    client.subscribe([...topicsFor(broker)], { qos: 1 }, (error, granted = []) => {
      const isGranted = error === null && granted.every(({ qos }) => qos < refusedQos);
      listeners.onHearing(isGranted);
      if (!isGranted)
        logger.error(
          { broker: url },
          'the broker lets nobody hear the edges; mend its access list',
        );
    });
    listeners.onConnected?.();
  });
  client.on('error', (error) => sayOnce(error.message));
  client.on('close', () => {
    listeners.onHearing(false);
    sayOnce('the connection closed');
  });
  client.on('message', (topic, payload, { retain }) => {
    listeners.onMessage(topic, payload);
    // Only who has just subscribed is given what the broker has kept: the edges that it knows.
    const place = retain ? readTopic(topic) : undefined;
    if (place?.kind === 'status') listeners.onKnown(place.edgeId);
  });
  return watchCertificate(client, (daysLeft) =>
    logger.warn({ broker: url, daysLeft }, 'the certificate of the broker runs out; renew it'),
  );
}
