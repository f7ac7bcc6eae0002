/**
 * The embedded MQTT broker (aedes, MQTT 3.1.1) for the demo and for tests; production runs its own broker.
 * Every client signs in with a name and a password; an edge may only write below its own id and read what is meant for it.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { readTopic } from '../contract/topics.ts';

/** `collector` may read and write everything; every other name is an edge id. */
export type BrokerAccounts = Readonly<Record<string, string>>;

export type EmbeddedBroker = Readonly<{
  /** Resolves with the port that it listens on. */
  start: () => Promise<number>;
  stop: () => Promise<void>;
}>;

const collectorName = 'collector';

/** `port` 0 takes a free one. `start` rejects when the port is taken. */
export function createEmbeddedBroker(
  settings: Readonly<{ host?: string; port: number; accounts: BrokerAccounts }>,
): EmbeddedBroker {
  const sockets = new Set<Socket>();
  let aedes: Aedes | undefined;
  let server: Server | undefined;

  return {
    start: async () => {
      aedes = await Aedes.createBroker({ drainTimeout: 10_000 });
      protect(aedes, settings.accounts);
      const handle = aedes.handle;
      server = createServer((socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        handle(socket);
      });
      return listen(server, settings.host ?? '127.0.0.1', settings.port);
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

function protect(aedes: Aedes, accounts: BrokerAccounts): void {
  const names = new WeakMap<Client, string>();
  aedes.authenticate = (client, username, password, done) => {
    const expected = accounts[username ?? ''];
    const right = expected !== undefined && same(expected, password?.toString() ?? '');
    if (right) names.set(client, username ?? '');
    const refusal = Object.assign(new Error('bad user name or password'), { returnCode: 4 });
    done(right ? null : (refusal as AuthenticateError), right);
  };
  aedes.authorizePublish = (client, packet, done) => {
    const name = client === null ? collectorName : names.get(client);
    const topic = readTopic(packet.topic);
    const allowed = name === collectorName || (topic !== undefined && topic.edgeId === name);
    done(allowed ? null : new Error('not allowed to write there'));
  };
  aedes.authorizeSubscribe = (client, subscription, done) => {
    const name = client === null ? collectorName : names.get(client);
    const allowed =
      name === collectorName || subscription.topic.startsWith(`haoguanjia/v1/${name}/`);
    done(null, allowed ? subscription : null);
  };
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
