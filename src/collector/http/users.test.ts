/** Users over the HTTP interface: made with a one-time token, changed, disabled, and never locked out altogether. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';

const password = 'a-long-enough-password';
let centre: Centre;
let administrator: string;
let administratorCookie: string;

beforeAll(async () => {
  centre = await openCentre();
  administrator = await centre.addUser('administrator', { kind: 'all' });
  administratorCookie = await centre.cookieOf(administrator);
});
afterAll(() => centre.close());

const asAdministrator = async (method: string, path: string, body?: unknown) =>
  centre.ask(method, path, {
    cookie: administratorCookie,
    ...(body === undefined ? {} : { body }),
  });

async function invite(username: string): Promise<{ userId: string; token: string }> {
  const answer = await asAdministrator('POST', '/api/users', {
    username,
    role: 'operator',
    scope: { kind: 'some', grids: ['north'], cameras: [] },
  });
  expect(answer.status).toBe(201);
  const { user, token } = (await answer.json()) as {
    user: { userId: string };
    token: { token: string };
  };
  return { userId: user.userId, token: token.token };
}

const choose = (token: string, chosen = password) =>
  centre.ask('POST', '/api/choose-password', { body: { token, password: chosen } });
const signIn = (username: string, given = password) =>
  centre.ask('POST', '/api/sign-in', { body: { username, password: given } });
const cookieIn = (answer: Response): string =>
  answer.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('a new user', () => {
  test('chooses a password with the token, once, and signs in with it', async () => {
    const { token } = await invite('li');
    expect((await signIn('li', '')).status).toBe(401);
    const chosen = await choose(token);
    expect([chosen.status, await chosen.json()]).toEqual([
      200,
      { needsSetup: false, username: 'li', role: 'operator' },
    ]);
    expect((await choose(token)).status).toBe(403);
    const answer = await signIn('li');
    expect(answer.status).toBe(200);
    const cameras = await centre.ask('GET', '/api/cameras', { cookie: cookieIn(answer) });
    expect(await cameras.json()).toEqual([expect.objectContaining({ cameraId: 'cam-north' })]);
  });

  test('cannot use a token that has run out, nor take a name that is taken', async () => {
    const { token } = await invite('late');
    centre.wait(25 * 3_600_000);
    administratorCookie = await centre.cookieOf(administrator);
    expect((await choose(token)).status).toBe(403);
    const again = { username: 'late', role: 'operator', scope: { kind: 'all' } };
    expect((await asAdministrator('POST', '/api/users', again)).status).toBe(409);
  });

  test('is nowhere shown with a password or anything made of one', async () => {
    const text = await (await asAdministrator('GET', '/api/users')).text();
    expect(text).toContain('"username":"li"');
    expect(text).not.toMatch(/argon2|Hash|token/i);
  });
});

describe('a changed user', () => {
  test('is out at once when disabled, and in again when enabled', async () => {
    const { userId, token } = await invite('wang');
    const cookie = cookieIn(await choose(token));
    expect((await centre.ask('GET', '/api/cameras', { cookie })).status).toBe(200);
    await asAdministrator('PATCH', `/api/users/${userId}`, { disabled: true });
    expect((await centre.ask('GET', '/api/cameras', { cookie })).status).toBe(401);
    expect((await signIn('wang')).status).toBe(401);
    await asAdministrator('PATCH', `/api/users/${userId}`, { disabled: false });
    expect((await signIn('wang')).status).toBe(200);
  });

  test('chooses anew when the password was reset: the old one and the old sessions are void', async () => {
    const { userId, token } = await invite('zhao');
    const cookie = cookieIn(await choose(token));
    const reset = await asAdministrator('POST', `/api/users/${userId}/reset`, {});
    const { token: second } = (await reset.json()) as { token: string };
    expect((await centre.ask('GET', '/api/cameras', { cookie })).status).toBe(401);
    expect((await signIn('zhao')).status).toBe(401);
    expect((await choose(second, 'another-long-password')).status).toBe(200);
    expect((await signIn('zhao', 'another-long-password')).status).toBe(200);
  });

  test.each([
    { role: 'operator' },
    { disabled: true },
    { scope: { kind: 'some', grids: [], cameras: [] } },
  ])('stays the last administrator of the centre: %j is refused', async (change) => {
    const answer = await asAdministrator('PATCH', `/api/users/${administrator}`, change);
    expect([answer.status, await answer.json()]).toEqual([
      409,
      expect.objectContaining({ error: 'last-administrator' }),
    ]);
    expect(await centre.store.user(administrator)).toMatchObject({
      role: 'administrator',
      disabled: false,
      scope: { kind: 'all' },
    });
  });
});

test('the own password is changed with the present one, and the other sessions end', async () => {
  const { token } = await invite('chen');
  const first = cookieIn(await choose(token));
  const second = cookieIn(await signIn('chen'));
  const change = (current: string) =>
    centre.ask('POST', '/api/account/password', {
      cookie: second,
      body: { current, password: 'another-long-password' },
    });
  expect((await change('wrong')).status).toBe(403);
  expect((await change(password)).status).toBe(204);
  expect((await centre.ask('GET', '/api/cameras', { cookie: first })).status).toBe(401);
  expect((await centre.ask('GET', '/api/cameras', { cookie: second })).status).toBe(200);
  expect((await signIn('chen', 'another-long-password')).status).toBe(200);
});

test('sessions are listed and ended, by their user and by the administrator', async () => {
  const { userId, token } = await invite('sun');
  const cookie = cookieIn(await choose(token));
  const other = cookieIn(await signIn('sun'));
  const list = await centre.ask('GET', '/api/account/sessions', { cookie });
  const sessions = (await list.json()) as { sessionId: string; own: boolean }[];
  expect(sessions.map(({ own }) => own).sort()).toEqual([false, true]);
  const foreign = sessions.find(({ own }) => !own);
  await centre.ask('DELETE', `/api/account/sessions/${foreign?.sessionId}`, { cookie });
  expect((await centre.ask('GET', '/api/cameras', { cookie: other })).status).toBe(401);
  await asAdministrator('DELETE', `/api/users/${userId}/sessions`);
  expect((await centre.ask('GET', '/api/cameras', { cookie })).status).toBe(401);
});
