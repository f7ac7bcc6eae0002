import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';

let centre: Centre;
let cookie: string;

beforeAll(async () => {
  centre = await openCentre();
  cookie = await centre.cookieOf(await centre.addUser('operator', { kind: 'all' }));
});
afterAll(() => centre.close());

const ask = async (method: string, path: string) => {
  const answer = await centre.ask(method, path, { cookie });
  return { status: answer.status, body: (await answer.json()) as unknown };
};

test('the speakers are listed with their states', async () => {
  const { status, body } = await ask('GET', '/api/speakers');
  expect(status).toBe(200);
  expect(body).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ speakerId: 'horn-north', state: 'ready', isOverdue: false }),
    ]),
  );
});

test.each([
  ['tone', { state: 'played' }],
  ['silence', expect.objectContaining({ speakerId: 'horn-north' })],
  ['heard', expect.objectContaining({ speakerId: 'horn-north' })],
])(
  'an operator asks a speaker for %s, and a speaker that is not there answers 404',
  async (what, body) => {
    expect(await ask('POST', `/api/speakers/horn-north/${what}`)).toEqual({ status: 200, body });
    expect((await ask('POST', `/api/speakers/nowhere/${what}`)).status).toBe(404);
  },
);

test('what was not said is listed', async () => {
  const { status, body } = await ask('GET', '/api/announcements?failedOnly=true&limit=5');
  expect({ status, body }).toEqual({ status: 200, body: [] });
  expect((await ask('GET', '/api/announcements?limit=1000')).status).toBe(400);
});
