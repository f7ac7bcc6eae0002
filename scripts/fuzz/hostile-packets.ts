/**
 * Hostile MQTT: nonsense before and after signing in, damaged packets, topics of others, and well-formed messages whose
 * content the contract forbids. What edge-2 publishes under the name of another carries the label `forged`.
 */
import { connect } from 'node:net';
import { uuidv7 } from 'uuidv7';
import { toCloudEvent } from '../../src/contract/cloud-event.ts';
import { crossingEvent } from '../../src/testing/events.ts';
import { edgePassword } from '../harness/edge-account.ts';
import type { Random } from '../harness/random.ts';
import { damaged, hostileText, mutated, randomBytes } from './hostile-values.ts';
import { connectPacket, packet, publishPacket, subscribePacket } from './mqtt-bytes.ts';

const hostileEdge = 'edge-2';
export const forgedLabel = 'forged';
const perConnection = 50;
const atOnce = 8;

/** Resolves with how many packets were sent on connections that the broker kept open for them. */
export async function sendHostilePackets(
  port: number,
  count: number,
  random: Random,
): Promise<number> {
  let sent = 0;
  const attack = async (): Promise<void> => {
    while (sent < count) {
      const hello = connectPacket(`f-${random.below(1e9)}`, hostileEdge, edgePassword);
      const first = random.next() < 0.9 ? hello : damaged(hello, random);
      const next = (): Buffer | undefined => {
        if (sent >= count) return undefined;
        sent += 1;
        return hostilePacket(random);
      };
      await sendUntilClosed(port, first, next);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, attack));
  return sent;
}

/** The broker has time to answer, or to hang up, between two packets: what it never read must not count. */
async function sendUntilClosed(
  port: number,
  first: Buffer,
  next: () => Buffer | undefined,
): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  let bytes: Buffer | undefined = first;
  for (let number = 1; bytes !== undefined; number += 1) {
    socket.write(bytes);
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 2))]);
    if (socket.destroyed || socket.readableEnded) break;
    bytes = number < perConnection ? next() : undefined;
  }
  socket.end();
  const patience = setTimeout(() => socket.destroy(), 200);
  await closed;
  clearTimeout(patience);
}

function hostilePacket(random: Random): Buffer {
  const id = random.below(65_536);
  switch (random.below(14)) {
    case 0:
      return randomBytes(random, 200);
    case 1:
      return packet(random.below(256), randomBytes(random, 60));
    case 2:
      return subscribePacket(hostileText(random), id);
    case 3:
      return publishPacket(hostileText(random), randomBytes(random, 50), random.below(4), id);
    case 4:
      return publishPacket(`${'a/'.repeat(random.below(300))}b`, Buffer.from('x'), 1, id);
    case 5:
      // A length that is far beyond what follows.
      return Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x61]);
    case 6:
      return publishPacket(topic(hostileEdge, 'health'), hostileJson(healthLike(), random), 1, id);
    case 7:
      return publishPacket(topic(hostileEdge, 'status'), hostileJson(statusLike(), random), 1, id);
    case 8:
      return publishPacket(
        topic(hostileEdge, `snapshot/${uuidv7()}`),
        randomBytes(random, 99),
        1,
        id,
      );
    case 9:
      return publishPacket(topic('edge-1', 'event/cam-1'), forged('edge-1'), 2, id);
    case 10:
      return publishPacket(topic(hostileEdge, 'event/cam-1'), forged('edge-1'), 1, id);
    case 11:
      return damaged(publishPacket(topic(hostileEdge, 'event/cam-1'), event(), 1, id), random);
    default: {
      const message = JSON.parse(event().toString()) as unknown;
      const payload = hostileJson(message, random);
      return publishPacket(topic(hostileEdge, 'event/cam-1'), payload, random.below(3), id);
    }
  }
}

function topic(edgeId: string, rest: string): string {
  return `haoguanjia/v1/${edgeId}/${rest}`;
}

function event(): Buffer {
  const crossing = crossingEvent(1, { edgeId: hostileEdge, capturedAtMs: Date.now() });
  return Buffer.from(toCloudEvent({ ...crossing, eventId: uuidv7() }));
}

function forged(edgeId: string): Buffer {
  const crossing = crossingEvent(1, { edgeId, label: forgedLabel, capturedAtMs: Date.now() });
  return Buffer.from(toCloudEvent({ ...crossing, eventId: uuidv7() }));
}

function hostileJson(document: unknown, random: Random): Buffer {
  return Buffer.from(JSON.stringify(mutated(document, random)) ?? '');
}

const bootId = uuidv7();

function statusLike(): unknown {
  return { edgeId: hostileEdge, bootId, online: true, sinceMs: Date.now() };
}

function healthLike(): unknown {
  const rules = { appliedVersion: 0 };
  const seen = {
    cameraId: 'cam-1',
    name: 'n',
    state: 'live',
    stateSinceMs: 1,
    analysedPerSecond: 1,
  };
  const cameras = [{ ...seen, rules }];
  return { edgeId: hostileEdge, bootId, atMs: Date.now(), outboxRows: 0, cameras };
}
