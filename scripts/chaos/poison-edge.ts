/** An edge that sends what nobody can use, and right events between. */
import mqtt from 'mqtt';
import { uuidv7 } from 'uuidv7';
import { toCloudEvent } from '../../src/contract/cloud-event.ts';
import type { RuleEvent } from '../../src/contract/rule-event.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import { crossingEvent } from '../../src/testing/events.ts';
import { edgePassword } from '../harness/edge-account.ts';
import { eventually } from '../harness/program.ts';
import { createSimulatedEdge } from '../load/simulated-edge.ts';

export type PoisonEdge = Readonly<{
  /** Of poison, each of which is set aside for a reason of its own. */
  kinds: number;
  /** Resolves when the broker has taken it, with how many right events were never acknowledged. */
  stop: () => Promise<Readonly<{ poisoned: number; unacknowledged: number }>>;
}>;

const everyMs = 50;
const hugeEveryMs = 2000;
/** Our brokers let it pass, and hang up on whoever sends the other. */
const hugeBytes = 3 * 1024 ** 2;
const beyondBytes = 10 * 1024 ** 2;
/** Of a machine that has much else to do. */
const patienceMs = 60_000;

export async function startPoisonEdge(url: string, edgeId: string): Promise<PoisonEdge> {
  const right = createSimulatedEdge({ url, edgeId, cameras: 2 });
  const account = { username: edgeId, password: edgePassword, protocolVersion: 4 } as const;
  const client = await mqtt.connectAsync(url, { ...account, clientId: `edge-${edgeId}-0badf00d` });
  const beyond = mqtt.connect(url, { ...account, clientId: `edge-${edgeId}-0badf00e` });
  beyond.on('error', () => undefined);
  const topic = topicsOf(edgeId).event('cam-bad');
  const event = (changes: object): string =>
    toCloudEvent({
      ...crossingEvent(1, { edgeId, cameraId: 'cam-bad', capturedAtMs: Date.now() }),
      ...{ eventId: uuidv7(), ...changes },
    } as RuleEvent);
  const manners: readonly (() => string)[] = [
    () => '{"specversion":',
    () => event({ schemaVersion: 99 }),
    () => event({ cameraId: 'cam-other' }),
    () => event({ cameraId: 'cam\u0000😀' }),
    () => event({ trail: 'not a trail' }),
  ];
  let [poisoned, underway] = [0, 0];
  const publish = (poison: string | Buffer): void => {
    underway += 1;
    client.publish(topic, poison, { qos: 1 }, () => {
      underway -= 1;
    });
  };
  const spread = setInterval(() => {
    publish(manners[poisoned % manners.length]?.() ?? '');
    poisoned += 1;
    right.send(false);
  }, everyMs);
  const [hugeMessage, beyondMessage] = [hugeBytes, beyondBytes].map((bytes) =>
    Buffer.alloc(bytes, 0x41),
  ) as [Buffer, Buffer];
  const publishHuge = (): void => {
    publish(hugeMessage);
    if (beyond.connected) beyond.publish(topic, beyondMessage, { qos: 0 });
  };
  const huge = setInterval(publishHuge, hugeEveryMs);
  publishHuge();
  const again = setInterval(right.resendOverdue, 1000);
  return {
    kinds: manners.length + 1,
    stop: async () => {
      clearInterval(spread);
      clearInterval(huge);
      await eventually(() => right.waiting() + underway === 0, patienceMs);
      clearInterval(again);
      const unacknowledged = right.waiting();
      await right.stop();
      await Promise.all([client.endAsync(true), beyond.endAsync(true)]);
      return { poisoned, unacknowledged };
    },
  };
}
