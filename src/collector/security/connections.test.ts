/** S13 connections to the interface: so many at all, so many of one address, and room again when they have gone. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type GuardedCentre, openGuardedCentre } from '../../testing/guarded-centre.ts';

let guarded: GuardedCentre;
beforeAll(async () => {
  guarded = await openGuardedCentre({ connections: { connections: 30, connectionsOfAddress: 12 } });
});
afterAll(() => guarded.close());

type Dialled = Readonly<{ socket: Socket; closed: Promise<unknown> }>;

/** Says nothing and is held open. */
async function dial(from: string): Promise<Dialled> {
  const { hostname, port } = new URL(guarded.centre.address);
  const socket = connect({ port: Number(port), host: hostname, localAddress: from });
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket.resume(), 'connect');
  return { socket, closed };
}
const dialMany = (count: number, from: string) =>
  Promise.all(Array.from({ length: count }, () => dial(from)));
const isServed = async (from: string): Promise<boolean> =>
  (await guarded.raw('GET', '/api/session', { from })).status === 200;

test('S13 one address does not take all connections: what is too much is hung up, others are served', async () => {
  const held = await dialMany(12, '127.0.0.20');
  const late = await dialMany(5, '127.0.0.20');
  await Promise.all(late.map(({ closed }) => closed));
  expect(held.every(({ socket }) => !socket.destroyed)).toBe(true);
  expect(await isServed('127.0.0.21')).toBe(true);
  for (const { socket } of held) socket.destroy();
  await vi.waitFor(async () => expect(await isServed('127.0.0.20')).toBe(true), 20_000);
});

test('S13 many addresses do not take more than there are, and it is said in the log, once', async () => {
  const held = (
    await Promise.all(['31', '32', '33'].map((host) => dialMany(10, `127.0.0.${host}`)))
  ).flat();
  await vi.waitFor(() => expect(held.some(({ socket }) => socket.destroyed)).toBe(false));
  const late = await dialMany(5, '127.0.0.34');
  await Promise.all(late.map(({ closed }) => closed));
  for (const { socket } of held) socket.destroy();
  await vi.waitFor(async () => expect(await isServed('127.0.0.34')).toBe(true), 20_000);
  const told = guarded.lines.filter((line) => line.includes('there are too many'));
  expect(told).toHaveLength(1);
});
