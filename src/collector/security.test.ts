/**
 * What keeps strangers out, S1 to S22. Where a promise is kept by another room its test stands there:
 * S1 rights on every object: http/authorization.test.ts. S5, S6, S18 camera addresses, command lines, hostile cameras:
 * edge/camera. S14 brokers: enrolment/enrolment.test.ts. S15 the broker under fuzz: scripts/fuzz. S16 credentials in logs and
 * command lines: demo/whole-system.browser.test.ts. S21 the register: http/audit.test.ts. S22 the bill of materials:
 * testing/sbom.test.ts.
 */
import { request } from 'node:http';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Centre, openCentre } from '../testing/centre.ts';
import { createApp } from './http/app.ts';
import { addGuard } from './http/guard.ts';

const password = 'a-long-enough-password';
const lines: string[] = [];
let centre: Centre;
let chief: string;
let cookie: string;

beforeAll(async () => {
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  centre = await openCentre({ logger, settings: { trustedProxies: ['127.0.0.3'] } });
  await centre.ask('POST', '/api/setup', {
    body: { token: centre.setupToken, username: 'chief', password },
  });
  chief = (await centre.store.userByName('chief'))?.userId ?? '';
  cookie = await centre.cookieOf(chief);
});
afterAll(() => centre.close());

type Raw = Readonly<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>;

/** As it is, without what `fetch` would put right; from any address of this machine. */
function raw(
  method: string,
  path: string,
  options: Readonly<{ from?: string; headers?: Record<string, string>; body?: string }> = {},
): Promise<Raw> {
  const { hostname, port } = new URL(centre.address);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        path,
        method,
        localAddress: options.from ?? '127.0.0.1',
        headers: {
          ...(options.body === undefined
            ? {}
            : { 'content-length': String(Buffer.byteLength(options.body)) }),
          ...options.headers,
        },
      },
      (response) => {
        response.toArray().then(
          (pieces) =>
            resolve({
              status: response.statusCode ?? 0,
              text: Buffer.concat(pieces).toString(),
              headers: response.headers,
            }),
          reject,
        );
      },
    );
    sent.once('error', reject);
    sent.end(options.body);
  });
}

const json = { 'content-type': 'application/json' };
const signIn = (username: string, given: string, from = '127.0.0.1', headers = {}) =>
  raw('POST', '/api/sign-in', {
    from,
    headers: { ...json, ...headers },
    body: JSON.stringify({ username, password: given }),
  });

test('S2 a route that does not say who may call it keeps the collector from starting', async () => {
  const app = await createApp(pino({ level: 'silent' }));
  const { store } = centre;
  addGuard(app, { store, access: { sessionOf: async () => undefined } });
  app.get('/api/forgotten', async () => 'everything');
  await expect(app.ready()).rejects.toThrow(
    'the route GET /api/forgotten does not say who may call',
  );
  await app.close();
});

test('S4 there is no default account, the set-up token works once and never from the address', async () => {
  for (const name of ['admin', 'root', 'administrator', 'chief'])
    expect((await signIn(name, name, '127.0.0.9')).status).toBe(401);
  const again = { token: centre.setupToken, username: 'second', password };
  expect((await centre.ask('POST', '/api/setup', { body: again })).status).toBe(403);
  const token = cookie.split('=')[1];
  for (const name of ['token', 'session', 'haoguanjia-session', 'access_token'])
    expect((await raw('GET', `/api/cameras?${name}=${token}`)).status).toBe(401);
});

test('S7 no path leads out of the console’s folder or to a file by a name of one’s choosing', async () => {
  const steps = ['..', '%2e%2e', '%252e%252e', '..%5c', '..%00', '.%2e', '%c0%ae%c0%ae', '....//'];
  const targets = ['etc/passwd', 'centre.sqlite'];
  const places = ['/', '/docs/', '/docs/static/', '/api/events/', '/api/cameras/'];
  for (const place of places) {
    for (const step of steps) {
      for (const target of targets) {
        const path = `${place}${Array(6).fill(step).join('/')}/${target}`;
        const { status, text } = await raw('GET', path, { headers: { cookie } });
        expect(status >= 400 && status < 500, `${path}: ${status}`).toBe(true);
        expect(text).not.toMatch(/root:|SQLite format/);
      }
    }
  }
});

test.each(['/', '/api/session', '/api/cameras', '/nothing'])(
  'S8 the answer at %s tells browsers what they may do with it',
  async (path) => {
    const { headers } = await raw('GET', path);
    const policy = String(headers['content-security-policy']);
    for (const rule of [
      "default-src 'self'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      expect(policy).toContain(rule);
    expect(policy).toMatch(/script-src 'self'(?! 'unsafe)/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  },
);

describe('S9 another site', () => {
  test('changes nothing: every route that could refuses its origin, and forms are no JSON', async () => {
    const unsafe = centre.http
      .routes()
      .filter(({ method, policy }) => !/GET|HEAD/.test(method) && policy !== 'edge');
    expect(unsafe.length).toBeGreaterThan(10);
    for (const { method, url } of unsafe) {
      const path = url.replaceAll(/:\w+/g, 'some-id');
      const foreign = { cookie, origin: 'https://evil.example', ...json };
      const { status, text } = await raw(method, path, { headers: foreign, body: '{}' });
      expect([status, text], url).toEqual([403, expect.stringContaining('foreign-origin')]);
      const marked = { cookie, 'sec-fetch-site': 'cross-site', ...json };
      expect((await raw(method, path, { headers: marked, body: '{}' })).status, url).toBe(403);
    }
    const form = { cookie, 'content-type': 'text/plain' };
    const sent = await raw('POST', '/api/users', { headers: form, body: '{"username":"x"}' });
    expect(sent.status).toBe(415);
  });

  test('learns nothing from an answer: no site is allowed to read it', async () => {
    const { headers } = await raw('GET', '/api/session', {
      headers: { origin: 'https://evil.example' },
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  });
});

test.each([
  ['a foreign origin', { origin: 'https://evil.example' }, 403],
  ['no origin', {}, 403],
  ['its own origin and no session', { origin: 'own' }, 401],
] as const)('S10 a WebSocket with %s is refused', async (_, given, due) => {
  const headers = {
    ...(due === 401 ? {} : { cookie }),
    ...('origin' in given
      ? { origin: given.origin === 'own' ? centre.address : given.origin }
      : {}),
  };
  const socket = new WebSocket(
    `${centre.address.replace('http', 'ws')}/api/cameras/cam-north/live`,
    {
      headers,
    },
  );
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('open', () => resolve('open'));
    socket.on('error', () => undefined);
  });
  socket.terminate();
  expect(status).toBe(due);
});

describe('S11 a session', () => {
  const cookieIn = ({ headers }: Raw): string => headers['set-cookie']?.[0] ?? '';
  const plain = (given: string): string => given.split(';')[0] ?? '';
  const isIn = async (given: string): Promise<boolean> =>
    (await raw('GET', '/api/cameras', { headers: { cookie: given } })).status === 200;

  test('is a new one at each sign-in, ends the one before and takes none that was brought', async () => {
    const first = plain(cookieIn(await signIn('chief', password)));
    const second = plain(cookieIn(await signIn('chief', password, '127.0.0.1', { cookie: first })));
    expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
    const planted = 'haoguanjia-session=planted-by-somebody-else';
    const third = plain(
      cookieIn(await signIn('chief', password, '127.0.0.1', { cookie: planted })),
    );
    expect(third).not.toBe(planted);
    expect([await isIn(planted), await isIn(third)]).toEqual([false, true]);
  });

  test('cannot be used again after signing out', async () => {
    const given = plain(cookieIn(await signIn('chief', password)));
    await raw('POST', '/api/sign-out', { headers: { cookie: given } });
    expect(await isIn(given)).toBe(false);
  });

  test('ends unused after an hour, and in use after twelve', async () => {
    const unused = plain(cookieIn(await signIn('chief', password)));
    const used = plain(cookieIn(await signIn('chief', password)));
    for (let halfHours = 1; halfHours < 24; halfHours += 1) {
      centre.wait(30 * 60_000);
      expect(await isIn(used), `${halfHours / 2} h`).toBe(true);
      if (halfHours === 2) expect(await isIn(unused)).toBe(false);
    }
    centre.wait(30 * 60_000);
    expect(await isIn(used)).toBe(false);
    cookie = await centre.cookieOf(chief);
  });

  test('has a cookie that scripts and other sites cannot reach, behind TLS bound to this host', async () => {
    expect(cookieIn(await signIn('chief', password))).toMatch(
      /^haoguanjia-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const behind = { 'x-forwarded-proto': 'https' };
    expect(cookieIn(await signIn('chief', password, '127.0.0.3', behind))).toMatch(
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
    const blocked = await signIn('chief', password, '127.0.0.5');
    expect([blocked.status, Number(blocked.headers['retry-after'])]).toEqual([429, 60]);
    expect((await signIn('chief', password, '127.0.0.6')).status).toBe(200);
    centre.wait(61_000);
    expect((await signIn('chief', password, '127.0.0.5')).status).toBe(200);
  });

  test('is counted by the true address: who is no trusted proxy is not believed', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const spoofed = { 'x-forwarded-for': `10.0.0.${attempt}` };
      statuses.push((await signIn('someone', 'guess', '127.0.0.7', spoofed)).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });

  test('at many names from one place is stopped too', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 31; attempt += 1)
      statuses.push((await signIn(`name-${attempt}`, 'guess', '127.0.0.8')).status);
    expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
  });
});

test('S13 a body that is too large is refused before it is read', async () => {
  const body = JSON.stringify({ username: 'x'.repeat(600 * 1024), password });
  const { status } = await raw('POST', '/api/sign-in', { headers: json, body });
  expect(status).toBe(413);
});

test('S16 neither the log nor any answer holds a password, a token or a hash', async () => {
  const canary = 'canary-password-7731';
  await signIn('chief', canary, '127.0.0.10');
  await centre.ask('POST', '/api/account/password', {
    cookie,
    body: { current: password, password: canary },
  });
  const reads = centre.http
    .routes()
    .filter(({ method, url, websocket }) => method === 'GET' && !websocket && url !== '/api/feed');
  const answers = await Promise.all(
    reads.map(async ({ url }) => {
      const path = url.replaceAll(/:\w+/g, 'cam-north');
      return (await centre.ask('GET', `${path}?reason=test`, { cookie })).text();
    }),
  );
  const said = [...answers, ...lines].join('\n');
  expect(said).toContain('chief');
  for (const secret of [
    canary,
    password,
    centre.setupToken,
    '$argon2',
    cookie.split('=')[1] ?? 'none',
  ])
    expect(said).not.toContain(secret);
});

test('S17 what a query says is never part of a statement', async () => {
  const payloads = [
    "' or 1=1 --",
    '1; drop table event',
    '%00',
    '\\',
    '") union select 1',
    '9e99',
    '-1',
    '[]',
  ];
  const names = [
    'state',
    'cameraId',
    'beforeMs',
    'limit',
    'actor',
    'action',
    'fromMs',
    'beforeNumber',
  ];
  for (const path of ['/api/alarms', '/api/audit']) {
    for (const name of names) {
      for (const payload of payloads) {
        const query = `${name}=${encodeURIComponent(payload)}`;
        const { status } = await raw('GET', `${path}?${query}`, { headers: { cookie } });
        expect(status, query).toBeLessThan(500);
      }
    }
  }
  for (const payload of payloads) {
    const path = `/api/events/${encodeURIComponent(payload)}/snapshot`;
    const { status } = await raw('GET', path, { headers: { cookie } });
    expect([400, 404]).toContain(status);
  }
});

test.each([
  { userId: 'other' },
  { passwordHash: 'x' },
  { reset: { tokenHash: 'x', expiresAtMs: 9e15 } },
  JSON.parse('{"__proto__":{"role":"administrator"}}'),
  { constructor: { prototype: { role: 'administrator' } } },
])('S19 a user takes no field but its own: %j', async (body) => {
  const userId = await centre.addUser('operator', { kind: 'all' });
  const answer = await centre.ask('PATCH', `/api/users/${userId}`, {
    cookie,
    body: { role: 'operator', ...body },
    ...(Object.hasOwn(body, '__proto__') ? { body: undefined } : {}),
  });
  expect(answer.status).toBe(400);
  expect(await centre.store.user(userId)).toMatchObject({ role: 'operator', passwordHash: '' });
  expect(({} as { role?: string }).role).toBeUndefined();
});

test('S20 a store that fails lets nobody in and tells nothing of itself', async () => {
  const broken = await openCentre();
  const inside = await broken.cookieOf(await broken.addUser('administrator', { kind: 'all' }));
  await broken.store.close();
  const answer = await broken.ask('GET', '/api/cameras', { cookie: inside });
  const text = await answer.text();
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect(text).not.toMatch(/sqlite|select|node_modules|\.ts/i);
  await broken.close();
});
