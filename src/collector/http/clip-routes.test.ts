/** The clip of an event over HTTP: whole, in parts, and to nobody who may not see it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';

let centre: Centre;
let cookie: string;
beforeAll(async () => {
  centre = await openCentre();
  const userId = await centre.addUser('operator', { kind: 'some', grids: ['north'], cameras: [] });
  cookie = await centre.cookieOf(userId);
});
afterAll(() => centre.close());

const get = (range?: string, side: 'north' | 'south' = 'north', as = cookie): Promise<Response> =>
  centre.ask('GET', `/api/clips/${centre.objects[side].eventId}`, {
    cookie: as,
    headers: range === undefined ? {} : { range },
  });

test('the whole clip comes with its length, and is kept by no cache', async () => {
  const answer = await get();
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'video/mp4',
    'content-length': '4',
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
  });
  expect(await answer.text()).toBe('clip');
});

test.each([
  ['bytes=1-2', 206, 'li', 'bytes 1-2/4'],
  ['bytes=2-', 206, 'ip', 'bytes 2-3/4'],
  ['bytes=0-99', 206, 'clip', 'bytes 0-3/4'],
  ['bytes=-3', 206, 'lip', 'bytes 1-3/4'],
  ['bytes=4-', 416, '', 'bytes */4'],
  ['bytes=-0', 416, '', 'bytes */4'],
  ['bytes=2-1', 200, 'clip', null],
  ['bytes=0-0,2-3', 200, 'clip', null],
  ['pages=1-2', 200, 'clip', null],
])('%s is answered with %i', async (range, status, body, contentRange) => {
  const answer = await get(range);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-range')).toBe(contentRange);
  expect(await answer.text()).toBe(body);
});

test('who looks at a clip stands in the register, once for a viewing however many parts it is asked for in', async () => {
  const viewings = async () =>
    (await centre.store.auditRows({ limit: 500, action: 'clip-viewed' })).length;
  const cookie = await centre.cookieOf(await centre.addUser('operator', { kind: 'all' }));
  const before = await viewings();
  for (const range of ['bytes=1-2', 'bytes=2-', undefined]) await get(range, 'north', cookie);
  expect(await viewings()).toBe(before + 1);
  centre.wait(11 * 60_000);
  await get(undefined, 'north', cookie);
  expect(await viewings()).toBe(before + 2);
});

test('who is not signed in, or does not reach the camera, gets nothing', async () => {
  expect((await get(undefined, 'north', '')).status).toBe(401);
  expect((await get(undefined, 'south')).status).toBe(404);
});
