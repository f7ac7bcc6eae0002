/**
 * The edge's MQTT connection: status with last will, one place that publishes and subscribes.
 * Session state of the broker is not trusted (clean sessions); what must arrive is resent by the outbox sender.
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { type CertificateWatch, watchCertificate } from '../../contract/certificate-watch.ts';
import type { EdgeStatus } from '../../contract/edge-report.ts';
import { plainLinkWarning } from '../../contract/plain-link.ts';
import type { EdgeTopics } from '../../contract/topics.ts';

export type BrokerSettings = Readonly<{
  /** mqtt:// or mqtts:// */
  url: string;
  username?: string;
  password?: string;
  /** PEM file of the authority that signed the broker's certificate. */
  caFile?: string;
  /**
   * The longest silence, in seconds; the default is 10. Both sides take the other for gone after one and a half times as
   * long, so the centre shows a box that was cut off within 20 s.
   */
  keepaliveSeconds?: number;
}>;

const defaultKeepaliveSeconds = 10;

export type BrokerConnection = Readonly<{
  start: () => void;
  connected: () => boolean;
  /** Until when the broker's certificate is good; undefined without one. */
  certificateEndsAtMs: () => number | undefined;
  /** Resolves false when the broker did not take it; nobody is told twice. */
  publish: (
    topic: string,
    payload: string | Uint8Array,
    options?: { retain?: boolean },
  ) => Promise<boolean>;
  stop: () => Promise<void>;
}>;

type Listeners = Readonly<{
  onConnect: () => void;
  onMessage: (topic: string, payload: Uint8Array) => void;
}>;

/** Nothing is dialled before `start`. An unreachable broker is retried within a second for ever and logged once an outage. */
export function createBrokerConnection(
  settings: BrokerSettings,
  edge: Readonly<{ edgeId: string; bootId: string; topics: EdgeTopics; now: () => number }>,
  listeners: Listeners,
  logger: Logger,
): BrokerConnection {
  let client: MqttClient | undefined;
  let certificate: CertificateWatch | undefined;
  const status = (online: boolean): string =>
    JSON.stringify({
      edgeId: edge.edgeId,
      bootId: edge.bootId,
      online,
      sinceMs: edge.now(),
    } satisfies EdgeStatus);

  const dial = (): MqttClient =>
    mqtt.connect(settings.url, {
      clientId: `edge-${edge.edgeId}-${edge.bootId.slice(0, 8)}`,
      protocolVersion: 4,
      clean: true,
      keepalive: settings.keepaliveSeconds ?? defaultKeepaliveSeconds,
      reconnectPeriod: redialMs(),
      connectTimeout: 10_000,
      queueQoSZero: false,
      ...proofsOf(settings),
      will: {
        topic: edge.topics.status,
        payload: Buffer.from(status(false)),
        qos: 1,
        retain: true,
      },
    });

  const publish: BrokerConnection['publish'] = (topic, payload, options = {}) =>
    new Promise((resolve) => {
      if (client?.connected !== true) return resolve(false);
      const body = typeof payload === 'string' ? payload : Buffer.from(payload);
      client.publish(topic, body, { qos: 1, retain: options.retain === true }, (error) =>
        resolve(error === undefined || error === null),
      );
    });

  return {
    start: () => {
      client = dial();
      certificate = listen(client, settings.url, logger, {
        onMessage: listeners.onMessage,
        onConnect: () => {
          client?.subscribe([edge.topics.ack, edge.topics.allRules, edge.topics.command], {
            qos: 1,
          });
          void publish(edge.topics.status, status(true), { retain: true });
          listeners.onConnect();
        },
      });
    },
    connected: () => client?.connected === true,
    certificateEndsAtMs: () => certificate?.endsAtMs(),
    publish,
    stop: async () => {
      if (client?.connected === true)
        await publish(edge.topics.status, status(false), { retain: true });
      await client?.endAsync(true);
    },
  };
}

/** Each box has a pause of its own, so that a broker that comes back is not dialled by all at once. */
const redialMs = (): number => randomInt(400, 1000);

/** Who the box is, and by what it knows the broker. */
function proofsOf({ username, password, caFile }: BrokerSettings) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
  };
}

function listen(
  client: MqttClient,
  url: string,
  logger: Logger,
  listeners: Listeners,
): CertificateWatch {
  const warning = plainLinkWarning(url);
  if (warning !== undefined) logger.warn({ broker: url }, warning);
  let outageLogged = false;
  const sayOnce = (reason: string): void => {
    if (!outageLogged)
      logger.warn({ broker: url, reason }, 'broker not reachable; events are kept and sent later');
    outageLogged = true;
  };
  client.on('connect', () => {
    outageLogged = false;
    logger.info({ broker: url }, 'broker connected');
    listeners.onConnect();
  });
  client.on('error', (error) => sayOnce(error.message));
  client.on('close', () => sayOnce('the connection closed'));
  client.on('message', (topic, payload) => listeners.onMessage(topic, payload));
  return watchCertificate(client, (daysLeft) =>
    logger.warn({ broker: url, daysLeft }, 'the certificate of the broker runs out; renew it'),
  );
}
