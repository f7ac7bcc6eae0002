/**
 * Alarms of tripwires and of loitering as ONVIF events over MQTT (ONVIF Core, "JSON event format", topic prefix `onvif-ej`;
 * the messages are those of the Analytics service's LineDetector and LoiteringDetector). Three passes have no equal there:
 * they are told as loitering with an item of our own.
 */
import type { AlarmView, FeedMessage } from '../../contract/console-api.ts';
import type { MqttMessage } from './mqtt-message.ts';

const root = 'haoguanjia/onvif-ej/RuleEngine';

/** A crossing is an event and leaves nothing behind; loitering is a property and stands until the alarm is closed. */
export function onvifMessages(message: FeedMessage): readonly MqttMessage[] {
  if (message.kind === 'alarm-raised') return raised(message.alarm);
  if (message.kind === 'alarm-changed' && message.alarm.state === 'closed')
    return ended(message.alarm);
  return [];
}

function raised({ event }: AlarmView): readonly MqttMessage[] {
  switch (event.kind) {
    case 'tripwire-crossed':
      return [
        {
          topic: topicOf('LineDetector/Crossed', event),
          payload: bodyOf(event, {}),
          retain: false,
        },
      ];
    case 'dwell-loitering': {
      const since = event.capturedAtMs - event.dwellSeconds * 1000;
      return [loitering(event, { Since: timeOf(since) })];
    }
    case 'pass-loitering': {
      const since = event.passes[0]?.startedAtMs ?? event.capturedAtMs;
      const passes = String(event.passes.length);
      return [loitering(event, { Since: timeOf(since), 'haoguanjia:Passes': passes })];
    }
    default:
      return [];
  }
}

function ended({ event }: AlarmView): readonly MqttMessage[] {
  if (event.kind !== 'dwell-loitering' && event.kind !== 'pass-loitering') return [];
  return [{ topic: topicOf(loiteringTopic, event), payload: '', retain: true }];
}

type Sighting = Readonly<{
  cameraId: string;
  edgeId: string;
  ruleId: string;
  capturedAtMs: number;
  trackId: number;
  label: string;
}>;

const loiteringTopic = 'LoiteringDetector/ObjectIsLoitering';

const loitering = (event: Sighting, data: Readonly<Record<string, string>>): MqttMessage => ({
  topic: topicOf(loiteringTopic, event),
  payload: bodyOf(event, data),
  retain: true,
});

/** The source's values, in their order, close the topic. */
function topicOf(event: string, { cameraId, edgeId, ruleId }: Sighting): string {
  return `${root}/${event}/&${cameraId}/${edgeId}/${ruleId}`;
}

function bodyOf(event: Sighting, data: Readonly<Record<string, string>>): string {
  const { cameraId, edgeId, ruleId, capturedAtMs, trackId, label } = event;
  return JSON.stringify({
    UtcTime: timeOf(capturedAtMs),
    Source: { VideoSource: cameraId, AnalyticsConfiguration: edgeId, Rule: ruleId },
    Data: { ObjectId: String(trackId), ClassTypes: classOf(label), ...data },
  });
}

const timeOf = (atMs: number): string => new Date(atMs).toISOString();

/** The names of tt:ObjectType. */
function classOf(label: string): string {
  if (label === 'person') return 'Human';
  if (label === 'bicycle') return 'Bicycle';
  return ['car', 'truck', 'bus', 'motorcycle'].includes(label) ? 'Vehicle' : 'Other';
}
