/** Every refusal of the centre, and every failure of the way to it, in the language of the console. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../i18n/en.ts';
import { zh } from '../i18n/zh.ts';
import { errorText } from './error-text.ts';
import { request } from './request.ts';

type Answer = Readonly<{ status: number; body: string; cut?: boolean }>;

let server: Server;
let address: string;
let next: Answer;

async function failureOf(answer: Answer): Promise<unknown> {
  next = answer;
  return request('GET', `${address}/api/x`).then(
    () => undefined,
    (error: unknown) => error,
  );
}
const refusal = (status: number, error: string, message: string): Answer => ({
  ...{ status, body: JSON.stringify({ error, message }) },
});

beforeAll(async () => {
  server = createServer((_, response) => {
    const { status, body, cut = false } = next;
    response.writeHead(status, { 'content-length': body.length + (cut ? 1000 : 0) });
    response.write(body, () => (cut ? response.destroy() : response.end()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

describe('what the console says of a failure', () => {
  it.each([
    [
      'a field that is wrong',
      refusal(400, 'invalid', 'body/note must NOT have more than 1000 characters'),
    ],
    ['a body that is too large', refusal(413, 'refused', 'Request body is too large')],
    ['a format it does not take', refusal(415, 'refused', 'Unsupported Media Type: image/png')],
    ['a proxy before a centre that is down', { status: 502, body: '<html>Bad Gateway</html>' }],
  ])('is in Chinese for %s', async (_, answer) => {
    const error = await failureOf(answer);
    expect(errorText(error, zh)).toMatch(/\p{Script=Han}/u);
    expect(errorText(error, zh)).not.toMatch(/[A-Za-z]{3,} [A-Za-z]{2,}/);
    expect(errorText(error, en)).not.toMatch(/\p{Script=Han}/u);
  });

  it('tells other exports that are running from too many attempts', async () => {
    const error = await failureOf(
      refusal(429, 'too-many-exports', 'other exports are running; try again when they are done'),
    );
    expect(errorText(error, zh)).not.toBe(zh.errors.tooMany);
    expect(errorText(error, zh)).toMatch(/导出/);
    const attempts = await failureOf(refusal(429, 'too-many', 'too many attempts; wait a minute'));
    expect(errorText(attempts, zh)).toBe(zh.errors.tooMany);
  });

  it('is the network when an answer breaks off', async () => {
    const error = await failureOf({ status: 200, body: '[{"alarmId":', cut: true });
    expect(errorText(error, zh)).toBe(zh.errors.network);
  });
});
