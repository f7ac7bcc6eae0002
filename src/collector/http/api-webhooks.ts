/** What the centre sends to webhooks, for the interface's documentation (the `webhooks` of OpenAPI 3.1). */
import { type TSchema, Type } from 'typebox';
import { AlarmView, CameraView, EdgeView, SpeakerView } from '../../contract/console-api.ts';
import { exampleOf } from './api-examples.ts';

const timestamp = '2026-11-24T08:00:00.000Z';

const header = (name: string, description: string, example: string) => ({
  ...{ name, in: 'header' as const, required: true, description, example },
  schema: { type: 'string' as const },
});

/** By the Standard Webhooks convention (https://www.standardwebhooks.com). */
const headers = [
  header(
    'webhook-id',
    'The same over all repeats of one delivery: whoever has had it answers 2xx and does nothing',
    '019a1b2c-3d4e-7f50-8a61-b2c3d4e5f609',
  ),
  header(
    'webhook-timestamp',
    'Seconds since 1970 of this attempt; refuse what is more than five minutes off',
    '1795500000',
  ),
  header(
    'webhook-signature',
    'v1, and the base64 of HMAC-SHA256 with the shared secret over webhook-id, webhook-timestamp and the body, joined by dots',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
];

const told = (kind: string, summary: string, name: string, view: TSchema) => ({
  post: {
    ...{ operationId: kind, summary, tags: ['webhooks'], parameters: headers },
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: Type.Object({
            type: Type.Literal(kind),
            timestamp: Type.String({ format: 'date-time' }),
            data: Type.Object({ [name]: view }),
          }),
          example: { type: kind, timestamp, data: { [name]: exampleOf.get(view) } },
        },
      },
    },
    responses: {
      '2XX': { description: 'Taken: it is not sent again' },
      default: {
        description:
          'Anything else, a redirect, or silence for 10 s: it is sent again with growing pauses for a day, and what follows of the same subject waits behind it',
      },
    },
  },
});

export const webhooks = {
  'alarm-raised': told('alarm-raised', 'An event called the operator', 'alarm', AlarmView),
  'alarm-changed': told(
    'alarm-changed',
    'An alarm was acknowledged, closed, joined by a repeat, or its announcement changed',
    ...(['alarm', AlarmView] as const),
  ),
  'camera-changed': told('camera-changed', 'A camera came, went or changed', 'camera', CameraView),
  'edge-changed': told('edge-changed', 'An edge box came or went', 'edge', EdgeView),
  'speaker-changed': told('speaker-changed', 'A speaker changed', 'speaker', SpeakerView),
} as const;
