/** S14, S15: the embedded broker against those who hold connections: who never says a name, who keeps silent, who comes in hundreds. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type BrokerLimits, createEmbeddedBroker, type EmbeddedBroker } from './broker.ts';

const accounts = { collector: 'c', 'edge-1': 'one', 'edge-2': 'two' };
let broker: EmbeddedBroker | undefined;
let port = 0;
const clients: MqttClient[] = [];
const sockets: Socket[] = [];

async function open(limits: Partial<BrokerLimits>): Promise<void> {
  broker = createEmbeddedBroker({ port: 0, accounts, limits });
  port = await broker.start();
}
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  for (const socket of sockets.splice(0)) socket.destroy();
  await broker?.stop();
});

/** Resolves with whether it was let in. */
function enter(name: keyof typeof accounts, keepalive = 60): Promise<boolean> {
  const options = { username: name, password: accounts[name], reconnectPeriod: 0, keepalive };
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, options);
  clients.push(client);
  return new Promise((resolve) => {
    client.on('connect', () => resolve(true));
    client.on('error', () => resolve(false));
    client.on('close', () => resolve(false));
  });
}

async function dial(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket.resume();
}

describe('S15 a connection', () => {
  test('that says nothing, or dribbles its name, is ended, and others are served meanwhile', async () => {
    await open({ helloWithinMs: 1000 });
    const slow = await Promise.all(Array.from({ length: 200 }, dial));
    const ended = slow.map((socket) => once(socket, 'close'));
    const hello = Buffer.from([0x10, 0x7f, 0, 4, 0x4d, 0x51, 0x54, 0x54]);
    let at = 0;
    const dribble = setInterval(() => {
      for (const socket of slow.slice(0, 100))
        if (socket.writable) socket.write(hello.subarray(at, at + 1));
      at += 1;
    }, 150);
    expect(await enter('edge-1')).toBe(true);
    await Promise.all(ended);
    clearInterval(dribble);
    expect(clients[0]?.connected).toBe(true);
  });

  test('that falls silent is ended after one and a half keep-alives', async () => {
    await open({});
    const socket = await dial();
    socket.write(connectPacket('edge-1', 'one', 1));
    await once(socket, 'data');
    await once(socket, 'close');
  });

  test.each([0, 601, 65_535])('that may be silent for %s s is refused', async (keepalive) => {
    await open({});
    const socket = await dial();
    socket.write(connectPacket('edge-1', 'one', keepalive));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect([answer[0], answer[3]]).toEqual([0x20, 6]);
    await once(socket, 'close');
  });

  test('too many of one box is refused, while another box comes in, until one has gone', async () => {
    await open({ connectionsOfAccount: 3 });
    for (let count = 0; count < 3; count += 1) expect(await enter('edge-1')).toBe(true);
    expect(await enter('edge-1')).toBe(false);
    expect(await enter('edge-2')).toBe(true);
    await clients[0]?.endAsync(true);
    await vi.waitFor(async () => expect(await enter('edge-1')).toBe(true), { timeout: 20_000 });
  });

  test('beyond what the broker holds is hung up, and there is room again when others go', async () => {
    await open({ connections: 20 });
    const held = await Promise.all(Array.from({ length: 20 }, dial));
    const late = await dial();
    await once(late, 'close');
    for (const socket of held) socket.destroy();
    await vi.waitFor(async () => expect(await enter('edge-1')).toBe(true), { timeout: 20_000 });
  });
});

test.each(['0.0.0.0', '::', '192.0.2.1'])('S14 it is not opened in clear on %s', async (host) => {
  const outside = createEmbeddedBroker({ host, port: 0, accounts });
  await expect(outside.start()).rejects.toThrow(/it does not encrypt; run Mosquitto with TLS/);
  await outside.stop();
});

function connectPacket(name: string, password: string, keepalive: number): Buffer {
  const text = (value: string) =>
    Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
  const head = Buffer.from([
    0,
    4,
    0x4d,
    0x51,
    0x54,
    0x54,
    4,
    0xc2,
    keepalive >> 8,
    keepalive & 255,
  ]);
  const body = Buffer.concat([head, text('c'), text(name), text(password)]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}
