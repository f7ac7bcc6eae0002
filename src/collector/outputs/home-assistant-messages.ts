/**
 * Cameras as devices of Home Assistant by its MQTT discovery (https://www.home-assistant.io/integrations/mqtt): one retained
 * configuration a camera, and the topics that it names.
 */
import type { AlarmView, CameraView } from '../../contract/console-api.ts';
import { givesPictures } from '../../contract/edge-report.ts';
import type { MqttMessage } from './mqtt-message.ts';

type Camera = Pick<CameraView, 'cameraId' | 'name' | 'lane'>;

const topicsOf = (cameraId: string) => {
  const base = `haoguanjia/home/${cameraId}`;
  return { alarm: `${base}/alarm`, online: `${base}/online`, event: `${base}/event` };
};

/** One for all cameras: whether the centre is there to say anything about them. */
const availabilityTopic = 'haoguanjia/home/centre/availability';

export const centreMessage = (isThere: boolean): MqttMessage => ({
  topic: availabilityTopic,
  payload: isThere ? 'online' : 'offline',
  retain: true,
});

/** The alarms that the event entity knows. */
const eventTypes = [
  'tripwire-crossed',
  'zone-entered',
  'zone-left',
  'dwell-loitering',
  'place-occupied',
  'pass-loitering',
  'crowd-gathered',
  'camera-tampered',
  'camera-offline',
  'camera-back',
] as const satisfies readonly AlarmView['event']['kind'][];

export function discoveryMessage({ cameraId, name, lane }: Camera): MqttMessage {
  const id = `haoguanjia-${cameraId}`;
  const topics = topicsOf(cameraId);
  const entity = (key: keyof typeof topics, more: Readonly<Record<string, unknown>>) => ({
    unique_id: `${id}-${key}`,
    state_topic: topics[key],
    availability_topic: availabilityTopic,
    ...more,
  });
  const config = {
    dev: { ids: [id], name, mf: 'Haoguanjia', mdl: 'Camera', ...(lane ? { sa: lane } : {}) },
    o: { name: 'haoguanjia' },
    cmps: {
      alarm: entity('alarm', { p: 'binary_sensor', name: 'Alarm', device_class: 'safety' }),
      online: entity('online', {
        ...{ p: 'binary_sensor', name: 'Online', device_class: 'connectivity' },
      }),
      event: entity('event', { p: 'event', name: 'Event', event_types: eventTypes }),
    },
  };
  const topic = `homeassistant/device/${id}/config`;
  return { topic, payload: JSON.stringify(config), retain: true };
}

/** Takes the device away again, and what stood on its topics. */
export function removalMessages(cameraId: string): readonly MqttMessage[] {
  const { alarm, online } = topicsOf(cameraId);
  return [`homeassistant/device/haoguanjia-${cameraId}/config`, alarm, online].map((topic) => ({
    ...{ topic, payload: '', retain: true },
  }));
}

export function onlineMessage({ cameraId, state }: Pick<CameraView, 'cameraId' | 'state'>) {
  const payload = givesPictures(state) ? 'ON' : 'OFF';
  return { topic: topicsOf(cameraId).online, payload, retain: true } satisfies MqttMessage;
}

/** On while an alarm of the camera waits for somebody to acknowledge it. */
export function alarmMessage(cameraId: string, waits: boolean): MqttMessage {
  return { topic: topicsOf(cameraId).alarm, payload: waits ? 'ON' : 'OFF', retain: true };
}

/** None for what is told late, or about no camera: an automation would act on it. */
export function eventMessages(alarm: AlarmView): readonly MqttMessage[] {
  const { event, alarmId, severity, ruleName, cameraId, late } = alarm;
  if (late || !eventTypes.some((kind) => kind === event.kind)) return [];
  const payload = { event_type: event.kind, alarmId, severity, ruleName };
  const { event: topic } = topicsOf(cameraId);
  return [{ topic, payload: JSON.stringify(payload), retain: false }];
}
