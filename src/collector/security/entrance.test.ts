/** Who comes in: no route without a rule, no default account, sessions, and guessing at passwords. */
import { verify } from '@node-rs/argon2';
import { pino } from 'pino';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  chiefPassword,
  type GuardedCentre,
  openGuardedCentre,
} from '../../testing/guarded-centre.ts';
import type { RawAnswer, RawRequest } from '../../testing/raw-request.ts';
import { createApp } from '../http/app.ts';
import { addGuard } from '../http/guard.ts';
import { createSessions } from '../http/sessions.ts';

// The real one, counted.
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>();
  return { ...real, verify: vi.fn(real.verify) };
});

let guarded: GuardedCentre;
let cookie: string;
const raw: RawRequest = (...order) => guarded.raw(...order);

beforeAll(async () => {
  guarded = await openGuardedCentre({ trustedProxies: ['127.0.0.3'] });
  cookie = guarded.cookie;
});
afterAll(() => guarded.close());

const json = { 'content-type': 'application/json' };
const signIn = (username: string, given: string, from = '127.0.0.1', headers = {}) =>
  raw('POST', '/api/sign-in', {
    from,
    headers: { ...json, ...headers },
    body: JSON.stringify({ username, password: given }),
  });

test('S2 a route that does not say who may call it keeps the collector from starting', async () => {
  const app = await createApp(pino({ level: 'silent' }));
  const { store } = guarded.centre;
  addGuard(app, { store, access: { sessionOf: async () => undefined } });
  app.get('/api/forgotten', async () => 'everything');
  await expect(app.ready()).rejects.toThrow(
    'the route GET /api/forgotten does not say who may call',
  );
  await app.close();
});

test('S19 a route whose query takes any field keeps the collector from starting', async () => {
  const app = await createApp(pino({ level: 'silent' }));
  const { store } = guarded.centre;
  addGuard(app, { store, access: { sessionOf: async () => undefined } });
  const schema = { querystring: Type.Object({ limit: Type.Integer() }) };
  expect(() =>
    app.get('/api/wide', { schema, config: { public: true } }, async () => 'everything'),
  ).toThrow('the query of the route /api/wide takes any field');
  await app.close();
});

/** What may be asked without a session; whoever adds to it answers for it. */
const open = [
  ...[
    '/health',
    '/api/session',
    '/api/sign-in',
    '/api/setup',
    '/api/choose-password',
    '/api/enrol',
  ],
  '/',
];

test('S2 without a session every route refuses but those that are named, and the documentation', async () => {
  const wrong: string[] = [];
  const routes = guarded.centre.http.routes();
  for (const { method, url, websocket, policy } of routes) {
    if (policy === 'public') {
      if (!open.includes(url) && !url.startsWith('/docs')) wrong.push(`${url} is public`);
      continue;
    }
    const path = url.replaceAll(/:\w+/g, 'cam-north');
    const status = websocket ? await openSocket(path) : (await raw(one(method), path)).status;
    if (status !== 401) wrong.push(`${method} ${url}: ${status}`);
  }
  expect(wrong).toEqual([]);
  expect(routes.length).toBeGreaterThan(60);
});

const one = (methods: string): string => methods.split(' ')[0] ?? 'GET';

function openSocket(path: string): Promise<number | undefined> {
  const { address } = guarded.centre;
  const socket = new WebSocket(address.replace('http', 'ws') + path, { origin: address });
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, { statusCode }) => {
      resolve(statusCode);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

test('S4 there is no default account, the set-up token works once and never from the address', async () => {
  for (const name of ['admin', 'root', 'administrator', 'chief'])
    expect((await signIn(name, name, '127.0.0.9')).status).toBe(401);
  const again = { token: guarded.centre.setupToken, username: 'second', password: chiefPassword };
  expect((await guarded.centre.ask('POST', '/api/setup', { body: again })).status).toBe(403);
  const token = cookie.split('=')[1];
  for (const name of ['token', 'session', 'haoguanjia-session', 'access_token'])
    expect((await raw('GET', `/api/cameras?${name}=${token}`)).status).toBe(401);
});

describe('S11 a session', () => {
  const cookieIn = ({ headers }: RawAnswer): string => headers['set-cookie']?.[0] ?? '';
  const plain = (given: string): string => given.split(';')[0] ?? '';
  const isIn = async (given: string): Promise<boolean> =>
    (await raw('GET', '/api/cameras', { headers: { cookie: given } })).status === 200;

  test('is a new one at each sign-in, ends the one before and takes none that was brought', async () => {
    const first = plain(cookieIn(await signIn('chief', chiefPassword)));
    const second = plain(
      cookieIn(await signIn('chief', chiefPassword, '127.0.0.1', { cookie: first })),
    );
    expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
    const planted = 'haoguanjia-session=planted-by-somebody-else';
    const third = plain(
      cookieIn(await signIn('chief', chiefPassword, '127.0.0.1', { cookie: planted })),
    );
    expect(third).not.toBe(planted);
    expect([await isIn(planted), await isIn(third)]).toEqual([false, true]);
  });

  test('cannot be used again after signing out', async () => {
    const given = plain(cookieIn(await signIn('chief', chiefPassword)));
    await raw('POST', '/api/sign-out', { headers: { cookie: given } });
    expect(await isIn(given)).toBe(false);
  });

  test('ends unused after an hour, and in use after twelve', async () => {
    const unused = plain(cookieIn(await signIn('chief', chiefPassword)));
    const used = plain(cookieIn(await signIn('chief', chiefPassword)));
    for (let halfHours = 1; halfHours < 24; halfHours += 1) {
      guarded.centre.wait(30 * 60_000);
      expect(await isIn(used), `${halfHours / 2} h`).toBe(true);
      if (halfHours === 2) expect(await isIn(unused)).toBe(false);
    }
    guarded.centre.wait(30 * 60_000);
    expect(await isIn(used)).toBe(false);
    cookie = await guarded.centre.cookieOf(guarded.chief);
  });

  test('lets its user go on reading while the disk is so full that nothing can be noted', async () => {
    const { store } = guarded.centre;
    const full = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    const noted = vi.fn(() => Promise.reject(full));
    const sessions = createSessions({ ...store, touchSession: noted }, () => Date.now() + 120_000);
    const token = await sessions.open(guarded.chief, { address: '', program: '' });
    const later = createSessions({ ...store, touchSession: noted }, () => Date.now() + 300_000);
    expect(await later.sessionOf(token)).toMatchObject({ userId: guarded.chief });
    expect(noted).toHaveBeenCalled();
    noted.mockRejectedValueOnce(new Error('another fault'));
    await expect(later.sessionOf(token)).rejects.toThrow('another fault');
  });

  test('has a cookie that scripts and other sites cannot reach, behind TLS bound to this host', async () => {
    expect(cookieIn(await signIn('chief', chiefPassword))).toMatch(
      /^haoguanjia-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const behind = { 'x-forwarded-proto': 'https' };
    expect(cookieIn(await signIn('chief', chiefPassword, '127.0.0.3', behind))).toMatch(
      /^__Host-haoguanjia-session=.*Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });
});

describe('S12 guessing', () => {
  test('is stopped within six tries, for the guesser and not for the owner elsewhere', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1)
      statuses.push((await signIn('chief', `guess ${attempt}`, '127.0.0.5')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const blocked = await signIn('chief', chiefPassword, '127.0.0.5');
    expect([blocked.status, Number(blocked.headers['retry-after'])]).toEqual([429, 60]);
    expect((await signIn('chief', chiefPassword, '127.0.0.6')).status).toBe(200);
    guarded.centre.wait(61_000);
    expect((await signIn('chief', chiefPassword, '127.0.0.5')).status).toBe(200);
  });

  test('is counted by the true address: who is no trusted proxy is not believed', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const spoofed = { 'x-forwarded-for': `10.0.0.${attempt}` };
      statuses.push((await signIn('someone', 'guess', '127.0.0.7', spoofed)).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });

  test('costs the same work for a name that nobody has as for one that somebody has', async () => {
    const parametersOf = async (username: string) => {
      vi.mocked(verify).mockClear();
      expect((await signIn(username, 'a wrong guess', '127.0.0.11')).status).toBe(401);
      // The algorithm and its cost: `$argon2id$v=19$m=19456,t=2,p=1$`.
      return vi
        .mocked(verify)
        .mock.calls.map(([hash]) => /^\$[^$]+\$[^$]+\$[^$]+\$/.exec(String(hash))?.[0]);
    };
    const known = await parametersOf('chief');
    expect(known).toEqual([expect.stringMatching(/^\$argon2id\$/)]);
    expect(await parametersOf('nobody-of-this-name')).toEqual(known);
    const invited = await guarded.centre.addUser('operator', { kind: 'all' });
    expect(await parametersOf(invited)).toEqual(known);
  });

  test('at many names from one place is stopped too', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 31; attempt += 1)
      statuses.push((await signIn(`name-${attempt}`, 'guess', '127.0.0.8')).status);
    expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
  });
});
