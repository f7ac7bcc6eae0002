/** Stands for somebody who watches one camera live: takes the pictures that the edge pushes, and throws them away. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import mqtt from 'mqtt';
import { WebSocketServer } from 'ws';
import type { Command } from '../contract/edge-report.ts';
import { topicsOf } from '../contract/topics.ts';

export type LiveWatcher = Readonly<{
  /** Where the edge pushes. */
  url: string;
  /** Resolves when the first pictures have come; rejects when none come within half a minute. */
  watch: (cameraId: string) => Promise<void>;
  /** Bytes that have come so far. */
  received: () => number;
  stop: () => Promise<void>;
}>;

type Account = Readonly<{ url: string; username: string; password: string; edgeId: string }>;

const firstWithinMs = 30_000;
const enoughBytes = 20_000;

export async function startLiveWatcher({ url, edgeId, ...account }: Account): Promise<LiveWatcher> {
  const client = await mqtt.connectAsync(url, { ...account, protocolVersion: 4 });
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  let bytes = 0;
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      bytes += data.length;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    watch: async (cameraId) => {
      const ticket = 'ticket-of-the-bench';
      const command: Command = { kind: 'start-live', cameraId, format: 'fmp4', ticket };
      await client.publishAsync(topicsOf(edgeId).command, JSON.stringify(command), { qos: 1 });
      const giveUpAtMs = performance.now() + firstWithinMs;
      while (bytes < enoughBytes) {
        if (performance.now() > giveUpAtMs) throw new Error(`no live pictures of ${cameraId} came`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    received: () => bytes,
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.close();
      await client.endAsync(true);
    },
  };
}
