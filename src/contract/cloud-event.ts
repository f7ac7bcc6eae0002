/**
 * The envelope of a rule event on MQTT: CloudEvents 1.0, JSON format, structured mode
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).
 */
import { Type } from 'typebox';
import { type Checked, createCheck } from './check.ts';
import { RuleEvent } from './rule-event.ts';

const CloudEvent = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Type.String(),
  source: Type.String(),
  type: Type.String(),
  time: Type.String(),
  datacontenttype: Type.Literal('application/json'),
  data: Type.Unknown(),
});

const checkEnvelope = createCheck(CloudEvent);
const checkEvent = createCheck(RuleEvent);

/** The message that carries the event. */
export function toCloudEvent(event: RuleEvent): string {
  return JSON.stringify({
    specversion: '1.0',
    id: event.eventId,
    source: `/edge/${event.edgeId}/camera/${event.cameraId}`,
    type: `cn.haoguanjia.${event.kind}.v1`,
    time: new Date(event.capturedAtMs).toISOString(),
    datacontenttype: 'application/json',
    data: event,
  });
}

/** Reads a message; a fault is an answer, not an exception. */
export function fromCloudEvent(message: string): Checked<RuleEvent> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch (error) {
    return { ok: false, path: '', reason: `the message is no JSON: ${String(error)}` };
  }
  const envelope = checkEnvelope(parsed);
  if (!envelope.ok) return envelope;
  const event = checkEvent(envelope.value.data);
  if (event.ok && event.value.eventId !== envelope.value.id) {
    return { ok: false, path: '/id', reason: 'the envelope and the event have different ids' };
  }
  return event;
}
