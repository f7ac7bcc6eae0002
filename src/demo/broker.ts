/**
 * The embedded MQTT broker (aedes, MQTT 3.1.1) for the demo and for tests; production runs its own broker.
 * Every client signs in with a name and a password; an edge may only write its own topics and read what is meant for it.
 * Nobody holds it up: who does not say in time who they are goes, who keeps silent too long goes, and one account has only
 * so many connections. It speaks in clear, so it listens on loopback unless it is told otherwise.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { isId } from '../contract/id.ts';
import { isLoopback } from '../contract/plain-link.ts';
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

export type BrokerLimits = Readonly<{
  /** Until when a new connection has to have said who it is. */
  helloWithinMs: number;
  /** The longest keep-alive that is accepted; a client that wants none is refused. */
  longestKeepaliveSeconds: number;
  connections: number;
  connectionsOfAccount: number;
}>;

const usualLimits: BrokerLimits = {
  helloWithinMs: 10_000,
  longestKeepaliveSeconds: 600,
  connections: 12_000,
  connectionsOfAccount: 64,
};

/**
 * As Mosquitto's `max_packet_size` in `config/compose`: larger than anything that a box sends. A larger message would hold
 * up the collector, and the broker would let go of that one instead of who sent it.
 */
const largestMessageBytes = 4 * 1024 ** 2;

/** Nobody gets anything while one client does not read what is meant for it: that one has to go before others notice. */
const drainTimeoutMs = 1000;

const collectorName = 'collector';

/** `port` 0 takes a free one. `start` rejects when the port is taken, or is to be opened in clear to other machines. */
export function createEmbeddedBroker(
  settings: Readonly<{
    host?: string;
    port: number;
    /** Other machines may come in, though everybody on the way reads what they say. */
    openInClear?: boolean;
    limits?: Partial<BrokerLimits>;
    accounts: BrokerAccounts;
    /** Asked for edges that have no account above. */
    checkEdge?: CheckEdge;
  }>,
): EmbeddedBroker {
  const sockets = new Set<Socket>();
  let aedes: Aedes | undefined;
  let server: Server | undefined;
  const names = new Map<Client, string>();
  const limits = { ...usualLimits, ...settings.limits };
  const { host = '127.0.0.1', openInClear = false } = settings;

  return {
    start: async () => {
      if (!isLoopback(host) && !openInClear)
        throw new Error(
          `the embedded broker is not opened on ${host}: it does not encrypt; run Mosquitto with TLS, or set openInClear`,
        );
      aedes = await Aedes.createBroker({
        drainTimeout: drainTimeoutMs,
        connectTimeout: limits.helloWithinMs,
        keepaliveLimit: limits.longestKeepaliveSeconds,
      });
      protect(aedes, names, { ...settings, most: limits.connectionsOfAccount });
      const handle = aedes.handle;
      server = createServer((socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        handle(socket);
      });
      server.maxConnections = limits.connections;
      return listen(server, host, settings.port);
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

type Accounts = Readonly<{ accounts: BrokerAccounts; checkEdge?: CheckEdge; most: number }>;

function protect(aedes: Aedes, names: Map<Client, string>, accounts: Accounts): void {
  aedes.authenticate = (client, username = '', password, done) => {
    const refusal = Object.assign(new Error('bad user name or password'), { returnCode: 4 });
    mayEnter(accounts, { name: username, clientId: client.id }, password?.toString() ?? '').then(
      (right) => {
        const enters = right && connectionsOf(names, username) < accounts.most;
        // Whoever left meanwhile is told of to nobody any more.
        if (enters && !client.closed) names.set(client, username);
        done(enters ? null : (refusal as AuthenticateError), enters);
      },
      () => done(refusal as AuthenticateError, false),
    );
  };
  aedes.on('clientDisconnect', (client) => names.delete(client));
  aedes.authorizePublish = (client, packet, done) => {
    const name = client === null ? collectorName : names.get(client);
    const allowed = name === collectorName || (name !== undefined && mayWrite(name, packet.topic));
    // Nobody here speaks QoS 2: messages that wait for a release that never comes would fill the memory.
    const isRefused = !allowed || packet.qos === 2 || packet.payload.length > largestMessageBytes;
    done(isRefused ? new Error('not allowed to write there') : null);
  };
  aedes.authorizeSubscribe = (client, subscription, done) => {
    const name = client === null ? collectorName : names.get(client);
    const allowed =
      name === collectorName || (name !== undefined && mayRead(name, subscription.topic));
    done(null, allowed ? subscription : null);
  };
}

function connectionsOf(names: ReadonlyMap<Client, string>, name: string): number {
  return [...names.values()].filter((its) => its === name).length;
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
