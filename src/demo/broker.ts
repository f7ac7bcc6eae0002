/**
 * The embedded MQTT broker (aedes, MQTT 3.1.1) for the demo and for tests; production runs its own broker.
 * Every client signs in with a name and a password; an edge may only write its own topics and read what is meant for it.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { isId } from '../contract/id.ts';
import { edgeReads, edgeWrites } from '../contract/topics.ts';

/** `collector` may read and write everything; every other name is an edge id. */
export type BrokerAccounts = Readonly<Record<string, string>>;

export type EmbeddedBroker = Readonly<{
  /** Resolves with the port that it listens on. */
  start: () => Promise<number>;
  /** Ends the connections of this account. */
  disconnect: (name: string) => void;
  stop: () => Promise<void>;
}>;

type CheckEdge = (edgeId: string, password: string) => Promise<boolean>;

/** Nobody gets anything while one client does not read what is meant for it: that one has to go before others notice. */
const drainTimeoutMs = 1000;

const collectorName = 'collector';

/** `port` 0 takes a free one. `start` rejects when the port is taken. */
export function createEmbeddedBroker(
  settings: Readonly<{
    host?: string;
    port: number;
    accounts: BrokerAccounts;
    /** Asked for edges that have no account above. */
    checkEdge?: CheckEdge;
  }>,
): EmbeddedBroker {
  const sockets = new Set<Socket>();
  let aedes: Aedes | undefined;
  let server: Server | undefined;
  const names = new Map<Client, string>();

  return {
    start: async () => {
      aedes = await Aedes.createBroker({ drainTimeout: drainTimeoutMs });
      protect(aedes, names, settings);
      const handle = aedes.handle;
      server = createServer((socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        handle(socket);
      });
      return listen(server, settings.host ?? '127.0.0.1', settings.port);
    },
    disconnect: (name) => {
      for (const [client, its] of names) if (its === name) client.close();
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        if (server?.listening === true) server.close(() => resolve());
        else resolve();
      });
      await new Promise<void>((resolve) => {
        if (aedes === undefined) resolve();
        else aedes.close(() => resolve());
      });
    },
  };
}

type Accounts = Readonly<{ accounts: BrokerAccounts; checkEdge?: CheckEdge }>;

function protect(aedes: Aedes, names: Map<Client, string>, accounts: Accounts): void {
  aedes.authenticate = (client, username = '', password, done) => {
    const refusal = Object.assign(new Error('bad user name or password'), { returnCode: 4 });
    mayEnter(accounts, { name: username, clientId: client.id }, password?.toString() ?? '').then(
      (right) => {
        if (right) names.set(client, username);
        done(right ? null : (refusal as AuthenticateError), right);
      },
      () => done(refusal as AuthenticateError, false),
    );
  };
  aedes.on('clientDisconnect', (client) => names.delete(client));
  aedes.authorizePublish = (client, packet, done) => {
    const name = client === null ? collectorName : names.get(client);
    const allowed = name === collectorName || (name !== undefined && mayWrite(name, packet.topic));
    // Nobody here speaks QoS 2: messages that wait for a release that never comes would fill the memory.
    const isRefused = !allowed || packet.qos === 2;
    done(isRefused ? new Error('not allowed to write there') : null);
  };
  aedes.authorizeSubscribe = (client, subscription, done) => {
    const name = client === null ? collectorName : names.get(client);
    const allowed =
      name === collectorName || (name !== undefined && mayRead(name, subscription.topic));
    done(null, allowed ? subscription : null);
  };
}

async function mayEnter(
  { accounts, checkEdge }: Accounts,
  { name, clientId }: Readonly<{ name: string; clientId: string }>,
  password: string,
): Promise<boolean> {
  // A client that comes with another's id would push that one out.
  if (name !== collectorName && clientId.startsWith('edge-') && !isOwnClientId(name, clientId))
    return false;
  const expected = Object.hasOwn(accounts, name) ? accounts[name] : undefined;
  if (expected !== undefined) return same(expected, password);
  return isId(name) && (await checkEdge?.(name, password)) === true;
}

const isOwnClientId = (edgeId: string, clientId: string): boolean =>
  clientId === `edge-${edgeId}` || new RegExp(`^edge-${edgeId}-[0-9a-f]{8}$`).test(clientId);

/** `+` of the pattern stands for one level; a topic that is written has no wildcards. */
function mayWrite(edgeId: string, topic: string): boolean {
  const levels = topic.split('/');
  return edgeWrites(edgeId).some((pattern) => {
    const due = pattern.split('/');
    return (
      due.length === levels.length &&
      due.every((level, at) => level === '+' || level === levels[at])
    );
  });
}

function mayRead(edgeId: string, topic: string): boolean {
  const [ack, allRules, command] = edgeReads(edgeId);
  const ofRules = allRules?.slice(0, -1) ?? '';
  const isRules = topic.startsWith(ofRules) && !/[/#]/.test(topic.slice(ofRules.length));
  return topic === ack || topic === command || isRules;
}

function same(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
