/**
 * S15 the embedded broker against one box that has turned: messages that wait for a release that never comes, topics of a
 * hundred levels, wills on foreign topics. It lives, its memory does not grow, and an honest box is served.
 */
import { connect } from 'node:net';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '../../src/testing/mosquitto.ts';
import { connectPacket, publishPacket, subscribePacket } from '../fuzz/mqtt-bytes.ts';
import { accounts } from './centre.ts';
import { edgePassword } from './edge-account.ts';
import { residentMb } from './process-cost.ts';
import { createProgram, type Program } from './program.ts';

const most = 50;
let broker: Program;
let port: number;

beforeAll(async () => {
  port = await freePort();
  let isReady = false;
  broker = createProgram({
    name: 'broker',
    command: () => [process.execPath, 'scripts/harness/broker-process.ts', String(port), '2'],
    onLine: (line) => {
      isReady ||= line === 'ready';
    },
  });
  broker.start();
  await vi.waitFor(() => expect(isReady).toBe(true), { timeout: 60_000 });
}, 90_000);
afterAll(() => broker.end('SIGTERM'));

/** Signs in, sends all of it, and resolves when the broker has hung up or has taken what was sent. */
async function send(packets: readonly Buffer[], name: string): Promise<'closed' | 'taken'> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = new Promise<'closed'>((resolve) => socket.once('close', () => resolve('closed')));
  socket.write(connectPacket(name, 'edge-2', edgePassword));
  await Promise.race([new Promise((resolve) => socket.once('data', resolve)), closed]);
  socket.write(Buffer.concat(packets));
  // An answer to the ping comes after everything before it was read.
  socket.write(Buffer.from([0xc0, 0]));
  const answered = new Promise<'taken'>((resolve) =>
    socket.on('data', (bytes: Buffer) => {
      if (bytes.at(-2) === 0xd0) resolve('taken');
    }),
  );
  const outcome = await Promise.race([closed, answered]);
  socket.destroy();
  return outcome;
}

async function honestIsServed(): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: 'edge-1',
    password: edgePassword,
    reconnectPeriod: 0,
  });
  for (let count = 0; count < 100; count += 1)
    await client.publishAsync('haoguanjia/v1/edge-1/event/cam-1', 'x'.repeat(500), { qos: 1 });
  await client.endAsync();
}

test('five thousand messages of QoS 2 without a release are refused, and cost nothing', async () => {
  await honestIsServed();
  const before = residentMb(broker.pid() ?? 0);
  const payload = Buffer.alloc(16 * 1024, 'x');
  const topic = 'haoguanjia/v1/edge-2/event/cam-1';
  for (let connection = 0; connection < 50; connection += 1) {
    const packets = Array.from({ length: 100 }, (_, id) =>
      publishPacket(topic, payload, 2, id + 1),
    );
    expect(await send(packets, `two-${connection}`)).toBe('closed');
  }
  await honestIsServed();
  expect(residentMb(broker.pid() ?? 0) - before).toBeLessThan(most);
  expect(broker.crashes()).toBe(0);
});

test('topics of a hundred and one levels are neither written nor read', async () => {
  const before = residentMb(broker.pid() ?? 0);
  const deep = Array.from({ length: 101 }, (_, level) => `l${level}`).join('/');
  for (let connection = 0; connection < 100; connection += 1) {
    const packets = [
      subscribePacket(`haoguanjia/v1/edge-2/rules/${deep}`, 1),
      publishPacket(`haoguanjia/v1/edge-2/${deep}`, Buffer.from('x'), 1, 2),
    ];
    expect(await send(packets, `deep-${connection}`)).toBe('closed');
  }
  await honestIsServed();
  expect(residentMb(broker.pid() ?? 0) - before).toBeLessThan(most);
  expect(broker.crashes()).toBe(0);
});

test('a message that is larger than any of a box costs its sender the connection, and reaches nobody', async () => {
  const centre = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: 'collector',
    password: accounts.collector,
    reconnectPeriod: 0,
  });
  const sizes: number[] = [];
  centre.on('message', (_topic, payload) => sizes.push(payload.length));
  await centre.subscribeAsync('haoguanjia/v1/+/event/+', { qos: 1 });
  const topic = 'haoguanjia/v1/edge-2/event/cam-1';
  const [most, tooMuch] = [4 * 1024 ** 2, 10 * 1024 ** 2].map((bytes) => Buffer.alloc(bytes, 'x'));
  expect(await send([publishPacket(topic, most ?? Buffer.of(), 1, 1)], 'large-1')).toBe('taken');
  expect(await send([publishPacket(topic, tooMuch ?? Buffer.of(), 1, 1)], 'large-2')).toBe(
    'closed',
  );
  await vi.waitFor(() => expect(sizes).toEqual([4 * 1024 ** 2]), { timeout: 20_000 });
  await honestIsServed();
  expect(sizes.length).toBe(101);
  await centre.endAsync();
});

test('S14 a will on the topic of another box is not carried out', async () => {
  const centre = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: 'collector',
    password: accounts.collector,
    reconnectPeriod: 0,
  });
  const heard: string[] = [];
  centre.on('message', (topic) => heard.push(topic));
  await centre.subscribeAsync('haoguanjia/v1/#', { qos: 1 });
  for (const [edge, payload] of [
    ['edge-1', 'forged'],
    ['edge-2', 'own'],
  ] as const) {
    const box = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      username: 'edge-2',
      password: edgePassword,
      reconnectPeriod: 0,
      will: {
        topic: `haoguanjia/v1/${edge}/status`,
        payload: Buffer.from(payload),
        qos: 1,
        retain: true,
      },
    });
    box.on('error', () => undefined);
    // Cut, so that the broker speaks for it.
    box.stream.destroy();
  }
  await vi.waitFor(() => expect(heard).toContain('haoguanjia/v1/edge-2/status'), {
    timeout: 20_000,
  });
  await centre.endAsync();
  expect(heard).toEqual(['haoguanjia/v1/edge-2/status']);
});
