/**
 * Optional outputs on the broker, off unless configured: ONVIF events and Home Assistant. They are told by way of the same
 * queue as webhooks, so that each message goes out once, in order, also when the broker was away.
 */
import type { AlarmView, CameraView, FeedMessage } from '../../contract/console-api.ts';
import {
  alarmMessage,
  centreMessage,
  discoveryMessage,
  eventMessages,
  onlineMessage,
  removalMessages,
} from './home-assistant-messages.ts';
import type { MqttMessage } from './mqtt-message.ts';
import { onvifMessages } from './onvif-messages.ts';

export type OutputSettings = Readonly<{ onvif?: boolean; homeAssistant?: boolean }>;

type Output = Readonly<{
  name: string;
  /** False when the broker did not take all of it. */
  tell: (message: FeedMessage) => Promise<boolean>;
}>;

export type Outputs = Readonly<{
  each: readonly Output[];
  /** Puts on the broker what has to stand there; after each connection. */
  announce: () => void;
  /** Again and again: of several collectors, one that ended said that nobody is there. */
  repeat: () => void;
}>;

type Parts = Readonly<{
  /** Resolves with true once the broker has it. */
  publish: (message: MqttMessage) => Promise<boolean>;
  store: Readonly<{
    cameras: () => Promise<readonly CameraView[]>;
    alarms: (
      query: Readonly<{ states: readonly AlarmView['state'][]; cameraId: string; limit: number }>,
    ) => Promise<readonly AlarmView[]>;
  }>;
}>;

/** What the broker says when this collector is there no longer. */
export const outputsWill = ({ homeAssistant = false }: OutputSettings): MqttMessage | undefined =>
  homeAssistant ? centreMessage(false) : undefined;

/** No webhook can be called so. */
const onvifName = 'mqtt:onvif';
const homeAssistantName = 'mqtt:home-assistant';

/** The names of the outputs that a message of the feed goes to. */
export function outputsFor(
  { onvif = false, homeAssistant = false }: OutputSettings,
  message: FeedMessage,
): readonly string[] {
  const isForHome = ['camera-changed', 'alarm-raised', 'alarm-changed'].includes(message.kind);
  return [
    ...(onvif && onvifMessages(message).length > 0 ? [onvifName] : []),
    ...(homeAssistant && isForHome ? [homeAssistantName] : []),
  ];
}

export function createOutputs(settings: OutputSettings, parts: Parts): Outputs {
  const home = settings.homeAssistant === true ? createHomeAssistant(parts) : undefined;
  const onvif: Output = {
    name: onvifName,
    tell: (message) => publishAll(parts, onvifMessages(message)),
  };
  return {
    each: [
      ...(settings.onvif === true ? [onvif] : []),
      ...(home === undefined ? [] : [home.output]),
    ],
    // What fails is put there after the next connection, or with the camera's next change.
    announce: () => void home?.announce().catch(() => undefined),
    repeat: () => void (home === undefined ? undefined : parts.publish(centreMessage(true))),
  };
}

function createHomeAssistant(parts: Parts) {
  const { store } = parts;
  const alarmOf = async (cameraId: string): Promise<MqttMessage> => {
    const waiting = await store.alarms({ states: ['raised'], cameraId, limit: 1 });
    return alarmMessage(cameraId, waiting.length > 0);
  };
  const messagesOf = async (message: FeedMessage): Promise<readonly MqttMessage[]> => {
    switch (message.kind) {
      case 'camera-changed':
        return message.camera.removed === true
          ? removalMessages(message.camera.cameraId)
          : [discoveryMessage(message.camera), onlineMessage(message.camera)];
      case 'alarm-raised':
        return [await alarmOf(message.alarm.cameraId), ...eventMessages(message.alarm)];
      case 'alarm-changed':
        return [await alarmOf(message.alarm.cameraId)];
      default:
        return [];
    }
  };
  const output: Output = {
    name: homeAssistantName,
    tell: async (message) => publishAll(parts, await messagesOf(message)),
  };
  return {
    output,
    announce: async (): Promise<void> => {
      await parts.publish(centreMessage(true));
      for (const camera of await store.cameras()) {
        const messages =
          camera.removed === true
            ? removalMessages(camera.cameraId)
            : [discoveryMessage(camera), onlineMessage(camera), await alarmOf(camera.cameraId)];
        await publishAll(parts, messages);
      }
    },
  };
}

async function publishAll(
  { publish }: Pick<Parts, 'publish'>,
  messages: readonly MqttMessage[],
): Promise<boolean> {
  for (const message of messages) if (!(await publish(message))) return false;
  return true;
}
