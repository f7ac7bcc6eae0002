/** The documentation of webhooks is what is really sent, and the document is one of OpenAPI 3.1. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { AlarmView, FeedMessage } from '../../contract/console-api.ts';
import { openCentre } from '../../testing/centre.ts';
import { toWebhook } from '../webhooks/webhook-config.ts';
import { sendWebhook } from '../webhooks/webhook-request.ts';
import { exampleOf } from './api-examples.ts';
import { webhooks } from './api-webhooks.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const contentOf = (kind: keyof typeof webhooks) =>
  webhooks[kind].post.requestBody.content['application/json'];

test('every kind of message stands in it, with an example that fits', () => {
  const sent = FeedMessage.anyOf.map(({ properties }) => properties.kind.const).sort();
  expect(Object.keys(webhooks).sort()).toEqual(sent);
  for (const kind of sent) {
    const { schema, example } = contentOf(kind);
    expect(ajv.validate(schema, example), `${kind}: ${ajv.errorsText()}`).toBe(true);
  }
});

test('a webhook that is really sent has the headers and the body that stand there', async () => {
  let heard: Readonly<{ names: readonly string[]; body: string }> | undefined;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      heard = { names: Object.keys(request.headers), body };
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const receiver = { webhookId: 'dispatch', url, allowAddresses: ['127.0.0.1'] };
    const webhook = toWebhook(receiver, 'a-secret-of-many-letters');
    const alarm = exampleOf.get(AlarmView) as AlarmView;
    const message = { kind: 'alarm-raised', alarm, atMs: Date.now() } as const;
    const limits = { nowMs: Date.now(), timeoutMs: 10_000, stopping: new AbortController().signal };
    if (webhook === undefined) throw new Error('the secret is long enough');
    expect(await sendWebhook(webhook, { deliveryId: 'd-1', message }, limits)).toEqual({
      ok: true,
    });
    const { schema } = contentOf('alarm-raised');
    expect(ajv.validate(schema, JSON.parse(heard?.body ?? '')), ajv.errorsText()).toBe(true);
    const named = webhooks['alarm-raised'].post.parameters.map(({ name }) => name);
    expect(heard?.names).toEqual(expect.arrayContaining(named));
  } finally {
    server.close();
  }
});

test('the document says its version, its webhooks, and nothing that 3.1 took out', async () => {
  const centre = await openCentre();
  try {
    const text = await (await centre.ask('GET', '/docs/json')).text();
    const document = JSON.parse(text) as Readonly<{ openapi: string; webhooks: object }>;
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.webhooks)).toEqual(Object.keys(webhooks));
    expect(text).not.toContain('"nullable"');
  } finally {
    await centre.close();
  }
});
