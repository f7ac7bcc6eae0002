/**
 * A TCP proxy before an MQTT broker, on loopback, that makes what the broker says vanish: everything (`silence`), or only
 * what it publishes (`no-publishes`: acknowledgements of the collector, while the broker's own still come).
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createFrameCutter, type MqttFrame, packetType, topicOf } from './mqtt-frames.ts';

export type Vanishing = 'nothing' | 'silence' | 'no-publishes';

export type ChaosProxy = Readonly<{
  /** Resolves with the port that it listens on. */
  start: () => Promise<number>;
  /** A connection that has lost bytes cannot be mended: it is cut when nothing vanishes any more. */
  vanish: (what: Vanishing) => void;
  /** Messages with events that clients have published so far. */
  eventsPassed: () => number;
  stop: () => Promise<void>;
}>;

export function createChaosProxy(brokerPort: number): ChaosProxy {
  const sockets = new Set<Socket>();
  let vanishing: Vanishing = 'nothing';
  let eventsPassed = 0;
  const count = (frame: MqttFrame): void => {
    if (frame.type === packetType.publish && topicOf(frame).includes('/event/')) eventsPassed += 1;
  };
  const server: Server = createServer((client) => {
    const broker = connect(brokerPort, '127.0.0.1');
    join(client, broker, sockets);
    const sent = createFrameCutter();
    client.on('data', (chunk: Buffer) => {
      sent(chunk).forEach(count);
      broker.write(chunk);
    });
    const said = createFrameCutter();
    broker.on('data', (chunk: Buffer) => {
      for (const { type, bytes } of said(chunk)) {
        const isLost = vanishing === 'silence' || type === packetType.publish;
        if (vanishing === 'nothing' || !isLost) client.write(bytes);
      }
    });
  });
  return {
    start: () =>
      new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : 0);
        });
      }),
    vanish: (what) => {
      vanishing = what;
      if (what === 'nothing') for (const socket of sockets) socket.destroy();
    },
    eventsPassed: () => eventsPassed,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** When one side ends the other ends too. */
function join(client: Socket, broker: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [client, broker],
    [broker, client],
  ] as const) {
    sockets.add(one);
    one.on('error', () => other.destroy());
    one.on('close', () => {
      sockets.delete(one);
      other.destroy();
    });
  }
}
