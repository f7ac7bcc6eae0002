/** A centre that is asked to end ends, whatever the other sides of its connections do. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { closeApp, watchSockets } from './close-app.ts';

test('a WebSocket whose other side never says goodbye is cut off', async () => {
  const app = Fastify({ forceCloseConnections: true });
  const sockets = watchSockets(app.server);
  await app.register(websocket);
  app.get('/feed', { websocket: true }, () => undefined);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  peer.on('error', () => undefined);
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  peer.write(
    `GET /feed HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const [answer] = (await once(peer, 'data')) as [Buffer];
  expect(answer.toString()).toContain('101');
  await closeApp(app, sockets);
  peer.destroy();
}, 20_000);
