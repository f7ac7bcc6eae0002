/**
 * S24 encryption on the way: whoever this system calls has to show a certificate of the authority that is named, for the
 * name that was called, over TLS 1.2 or later. The same for webhooks and for the broker, at the centre and at a box.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import { Aedes } from 'aedes';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FeedMessage } from '../../contract/console-api.ts';
import { topicsOf } from '../../contract/topics.ts';
import { createBrokerConnection } from '../../edge/uplink/broker-connection.ts';
import { makeCertificate } from '../../testing/certificate.ts';
import { createEdgeLink } from '../edge-link.ts';
import { createAddressRule } from '../webhooks/webhook-address.ts';
import { sendWebhook } from '../webhooks/webhook-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'tls-'));
const own = makeCertificate(folder, 'own');
const foreign = makeCertificate(folder, 'foreign');
const named = makeCertificate(folder, 'named', { host: 'DNS:elsewhere.example' });
const lines: string[] = [];
const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
afterAll(() => rmSync(folder, { recursive: true }));

/** Counts what was said to it in clear, which is after the handshake alone. */
type Peer = Readonly<{ port: number; heard: () => number; refused: () => number }>;
const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

let broker: Aedes;
beforeAll(async () => {
  broker = await Aedes.createBroker();
});
afterAll(() => new Promise<void>((resolve) => broker.close(() => resolve())));

async function serve(options: TlsOptions): Promise<Peer> {
  let [heard, refused] = [0, 0];
  const server = createServer(options, (socket) => {
    socket.on('error', () => undefined);
    socket.once('readable', () => {
      const first: Buffer | null = socket.read();
      if (first === null) return;
      heard += 1;
      socket.unshift(first);
      // MQTT begins with CONNECT; everything else is a request.
      if (first[0] === 0x10) broker.handle(socket);
      else socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    });
  });
  server.on('tlsClientError', () => {
    refused += 1;
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      if (heard === 0) refused += 1;
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, heard: () => heard, refused: () => refused };
}

/** Calls the peer until it was heard or refused, and ends. */
type Caller = (port: number, caFile: Readonly<{ file: string; cert: string }>) => Promise<Called>;
type Called = Readonly<{ end: () => Promise<unknown>; endsAtMs?: () => number | undefined }>;

const message = { kind: 'camera-changed', atMs: 1 } as unknown as FeedMessage;
const callers: Readonly<Record<string, Caller>> = {
  'a webhook': async (port, { cert: authority }) => {
    const stopping = new AbortController();
    const addresses = createAddressRule(['127.0.0.1']);
    const url = `https://127.0.0.1:${port}/`;
    const webhook = { url, key: Buffer.alloc(32), authority, addresses };
    const limits = { nowMs: 1, timeoutMs: 20_000, stopping: stopping.signal };
    const sent = sendWebhook(webhook, { deliveryId: 'd', message }, limits);
    return { end: () => sent };
  },
  'the centre’s link to the broker': async (port, { file: caFile }) => {
    const parts = { onMessage: () => undefined, onConnected: () => undefined };
    const link = createEdgeLink({ url: `mqtts://127.0.0.1:${port}`, caFile }, parts, logger);
    link.start();
    return { end: link.stop, endsAtMs: link.certificateEndsAtMs };
  },
  'the box’s link to the broker': async (port, { file: caFile }) => {
    const broker = { url: `mqtts://127.0.0.1:${port}`, caFile };
    const edge = { edgeId: 'box-1', bootId: 'boot', topics: topicsOf('box-1'), now: Date.now };
    const listeners = { onConnect: () => undefined, onMessage: () => undefined };
    const link = createBrokerConnection(broker, edge, listeners, logger);
    link.start();
    return { end: link.stop, endsAtMs: link.certificateEndsAtMs };
  },
};

const old = {
  maxVersion: 'TLSv1.1',
  minVersion: 'TLSv1.1',
  ciphers: 'DEFAULT@SECLEVEL=0',
} as const;

describe.each(Object.keys(callers))('%s', (who) => {
  test.each([
    ['a certificate of its authority', { ...own }, own, true],
    ['a certificate of another authority', { ...own }, foreign, false],
    ['a certificate for another name', { ...named }, named, false],
    ['TLS 1.1', { ...own, ...old }, own, false],
  ] as const)('that meets %s', async (_, options, authority, isHeard) => {
    const peer = await serve(options);
    const called = await callers[who]?.(peer.port, authority);
    const seen = () => (isHeard ? peer.heard() : peer.refused());
    await vi.waitFor(() => expect(seen()).toBeGreaterThan(0), { timeout: 20_000 });
    await called?.end();
    expect(peer.heard() > 0).toBe(isHeard);
  });
});

test('a link to a broker elsewhere that is not encrypted is said aloud, at the centre and at a box', async () => {
  lines.length = 0;
  const url = 'mqtt://192.0.2.1:1883';
  const listeners = { onConnect: () => undefined, onMessage: () => undefined };
  const link = createEdgeLink({ url }, listeners, logger);
  const edge = { edgeId: 'box-1', bootId: 'boot', topics: topicsOf('box-1'), now: Date.now };
  const connection = createBrokerConnection({ url }, edge, listeners, logger);
  link.start();
  connection.start();
  const told = lines.filter((line) => line.includes('is not encrypted'));
  await Promise.all([link.stop(), connection.stop()]);
  expect(told).toHaveLength(2);
});

test.each(Object.keys(callers).filter((who) => who.includes('broker')))(
  '%s tells that the certificate runs out, fourteen days before and not earlier',
  async (who) => {
    const told = () => lines.filter((line) => line.includes('runs out'));
    for (const [days, due] of [
      [15, 0],
      [13, 1],
    ] as const) {
      lines.length = 0;
      const certificate = makeCertificate(folder, `good-for-${days}-${due}`, { days });
      const peer = await serve({ ...certificate });
      const called = await callers[who]?.(peer.port, certificate);
      await vi.waitFor(() => expect(peer.heard()).toBeGreaterThan(0), { timeout: 20_000 });
      if (due > 0) await vi.waitFor(() => expect(told()).toHaveLength(due), { timeout: 20_000 });
      // Told of in figures and on the console for as long as it lasts, not in the log alone.
      await vi.waitFor(() => expect(called?.endsAtMs?.()).toBeDefined(), { timeout: 20_000 });
      const daysLeft = ((called?.endsAtMs?.() ?? 0) - Date.now()) / 86_400_000;
      await called?.end();
      expect(daysLeft).toBeGreaterThan(days - 1);
      expect(daysLeft).toBeLessThanOrEqual(days);
      expect(told()).toHaveLength(due);
      if (due > 0) expect(JSON.parse(told()[0] ?? '{}')).toMatchObject({ daysLeft: days - 1 });
    }
  },
);
