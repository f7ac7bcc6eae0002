/** What the centre says to the edge: acknowledgements, rules, commands. What cannot be read is logged or told, never thrown. */
import type { Logger } from 'pino';
import { createCheck } from '../../contract/check.ts';
import {
  Ack,
  type CameraCommand,
  Command,
  type MissingEvents,
  mostMissing,
  type SequenceRange,
} from '../../contract/edge-report.ts';
import { VersionedRules } from '../../contract/rule.ts';
import { readTopic } from '../../contract/topics.ts';
import type { ClipSender } from './clip-sender.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxSender } from './outbox-sender.ts';

export type UplinkListeners = Readonly<{
  onRules: (rules: VersionedRules) => void;
  /** Rules that do not fit the contract; the camera id comes from the topic. */
  onUnreadableRules: (cameraId: string, reason: string) => void;
  /** What is not for the uplink itself. */
  onCommand: (command: CameraCommand) => void;
}>;

type Parts = Readonly<{
  edgeId: string;
  outbox: Pick<Outbox, 'resend' | 'numberAbove'>;
  sender: Pick<OutboxSender, 'acknowledged' | 'heardAgain' | 'wake'>;
  clips: Pick<ClipSender, 'progressed'> | undefined;
  answerMissing: (missing: MissingEvents) => void;
  listeners: UplinkListeners;
  logger: Logger;
}>;

const checkAck = createCheck(Ack);
const checkRules = createCheck(VersionedRules);
const checkCommand = createCheck(Command);

export function createUplinkReceiver(parts: Parts): (topic: string, payload: Uint8Array) => void {
  const { listeners, logger } = parts;
  return (topic, payload) => {
    const place = readTopic(topic);
    const message = parse(payload);
    if (place?.kind === 'ack') {
      const ack = checkAck(message);
      if (ack.ok) settle(parts, ack.value);
      else logger.warn({ topic, reason: ack.reason }, 'acknowledgement not understood');
    } else if (place?.kind === 'rules') {
      const rules = checkRules(message);
      if (rules.ok) listeners.onRules(rules.value);
      else listeners.onUnreadableRules(place.cameraId, rules.reason);
    } else if (place?.kind === 'command') {
      const command = checkCommand(message);
      if (command.ok) obey(parts, command.value);
      else logger.warn({ topic, reason: command.reason }, 'command not understood');
    }
  };
}

function settle({ sender, clips, logger }: Parts, ack: Ack): void {
  if (ack.eventIds.length + ack.snapshotIds.length > 0)
    attempt(logger, () => sender.acknowledged(ack));
  if (ack.beginsToHear === true) sender.heardAgain();
  for (const progress of ack.clips ?? []) clips?.progressed(progress);
}

function obey(parts: Parts, command: Command): void {
  const { outbox, listeners, logger } = parts;
  switch (command.kind) {
    case 'resend-events':
      attempt(logger, () => sendAgain(parts, command.ranges));
      break;
    case 'number-above':
      logger.warn(command, 'numbers were given twice; this box was put back to an older copy');
      attempt(logger, () => outbox.numberAbove(command.sequence));
      break;
    default:
      listeners.onCommand(command);
  }
}

function sendAgain(
  { edgeId, outbox, sender, answerMissing }: Parts,
  ranges: readonly SequenceRange[],
): void {
  const missing = outbox.resend(ranges).slice(0, mostMissing);
  sender.wake();
  answerMissing({ edgeId, missing });
}

/** On a full disk rows stay, are sent again, and the collector knows them already. */
function attempt(logger: Logger, work: () => void): void {
  try {
    work();
  } catch (error) {
    logger.error({ reason: String(error) }, 'the outbox could not be changed');
  }
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
