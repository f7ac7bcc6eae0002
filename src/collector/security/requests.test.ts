/** What a request can carry in: paths, other sites' requests, fields that nobody asked for; and answers that tell too much. */
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseContent } from '../../testing/database-content.ts';
import { type GuardedCentre, openGuardedCentre } from '../../testing/guarded-centre.ts';
import type { RawRequest } from '../../testing/raw-request.ts';

let guarded: GuardedCentre;
let cookie: string;
const raw: RawRequest = (...order) => guarded.raw(...order);
const json = { 'content-type': 'application/json' };

beforeAll(async () => {
  guarded = await openGuardedCentre();
  cookie = guarded.cookie;
});
afterAll(() => guarded.close());

const filled = (url: string): string => {
  const objects: Readonly<Record<string, string>> = guarded.centre.objects.north;
  return url.replaceAll(/:(\w+)/g, (_, name: string) => objects[name] ?? 'some-id');
};

describe('S7 files', () => {
  const up = ['..', '.', '%2e%2e', '%2E%2E', '.%2e', '%252e%252e', '%u002e%u002e', '%c0%ae%c0%ae'];
  const more = [
    '..%00',
    '..%01',
    '....',
    '..;',
    '．．',
    '%ef%bc%8e%ef%bc%8e',
    '․․',
    '..%20',
    '%2e.',
  ];
  const separators = ['/', '%2f', '%5c', '%252f', '//', '\\'];
  const targets = ['etc/passwd', 'centre.sqlite'];
  const strings = [...up, ...more].flatMap((step) =>
    separators.flatMap((separator) =>
      targets.map((target) => `${Array(6).fill(step).join(separator)}${separator}${target}`),
    ),
  );

  test('are reached by no path: none of 200 ways to write "up" leads out of a folder', async () => {
    expect(new Set(strings).size).toBeGreaterThanOrEqual(200);
    const places = ['/', '/docs/static/', '/api/clips/', '/api/events/'];
    const wrong: string[] = [];
    const attempts = places.flatMap((place) =>
      strings.map((text) => encodeURI(place) + safe(text)),
    );
    await Promise.all(
      attempts.map(async (path) => {
        const { status, text } = await raw('GET', path, { headers: { cookie } });
        const isRefused = status >= 400 && status < 500;
        if (!isRefused || /root:|SQLite format/.test(text)) wrong.push(`${path}: ${status}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('of clips are those of the folder itself: a link that leads elsewhere is not followed', async () => {
    const { eventId } = guarded.centre.objects.north;
    const file = join(guarded.centre.folder, 'clip.mp4');
    expect((await raw('GET', `/api/clips/${eventId}`, { headers: { cookie } })).text).toBe('clip');
    rmSync(file);
    symlinkSync('/etc/passwd', file);
    const { status, text } = await raw('GET', `/api/clips/${eventId}`, { headers: { cookie } });
    rmSync(file);
    writeFileSync(file, 'clip');
    expect([status, text]).toEqual([404, expect.not.stringContaining('root:')]);
  });

  test('that are downloaded have names of the centre’s own making', async () => {
    const { store, objects } = guarded.centre;
    const camera = await store.camera('cam-north');
    if (camera === undefined) throw new Error('there is no camera');
    const health = { edgeId: 'edge-north', bootId: 'boot', atMs: Date.now(), outboxRows: 0 };
    const name = '../../etc/x"; filename="y\r\nset-cookie: a=b';
    await store.recordHealth({
      ...health,
      cameras: [{ ...camera, name, analysedPerSecond: 5, rules: { appliedVersion: 0 } }],
    });
    const path = `/api/alarms/${objects.north.alarmId}/export`;
    const body = JSON.stringify({ reason: 'for the court' });
    const { status, headers } = await raw('POST', path, { headers: { cookie, ...json }, body });
    expect(status).toBe(200);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="alarm-[\w-]+\.tar"$/);
    expect(headers['set-cookie']).toBeUndefined();
  });
});

/** Letters that a request line cannot hold as they are. */
const safe = (text: string): string =>
  [...text].map((letter) => (letter > '~' ? encodeURIComponent(letter) : letter)).join('');

describe('S9 another site', () => {
  const unsafe = () =>
    guarded.centre.http
      .routes()
      .filter(({ method, policy }) => !/GET|HEAD/.test(method) && policy !== 'edge');

  test.each([
    ['its origin', { origin: 'https://evil.example', ...json }],
    ['an origin that is hidden', { origin: 'null', ...json }],
    ['the mark that browsers give', { 'sec-fetch-site': 'cross-site', ...json }],
    ['a form, also without an origin', { 'content-type': 'text/plain' }],
    ['a form as browsers write it', { 'content-type': 'application/x-www-form-urlencoded' }],
  ] as const)('changes nothing at any route: refused by %s', async (_, headers) => {
    expect(unsafe().length).toBeGreaterThan(20);
    const wrong: string[] = [];
    for (const { method, url } of unsafe()) {
      const order = { headers: { cookie, ...headers }, body: '{}' };
      const { status, text } = await raw(method, filled(url), order);
      if (status !== 403 || !text.includes('foreign-origin'))
        wrong.push(`${url}: ${status} ${text}`);
    }
    expect(wrong).toEqual([]);
  });

  test('of this name, and with this address, is none: its pages and programs get through', async () => {
    for (const origin of [{}, { origin: guarded.centre.address }]) {
      const order = { headers: { cookie, ...origin, ...json }, body: '{}' };
      expect((await raw('POST', '/api/users', order)).status).toBe(400);
    }
  });

  test('learns nothing from an answer: no site is allowed to read it', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await raw('GET', '/api/session', { headers });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
  });
});

test('S9 reading changes nothing: every GET, twice, leaves the database as it was', async () => {
  const content = () =>
    databaseContent(join(guarded.centre.folder, 'centre.sqlite'), {
      // That somebody looked stands in the register, whose newest hash stands in a setting.
      tables: ['audit'],
      columns: ['session.seen_at_ms'],
      // Health is found out by writing: a full disk still reads.
      settings: ['audit-head', 'health-probe'],
    });
  const before = content();
  const reads = guarded.centre.http
    .routes()
    .filter(({ method, url, websocket }) => method === 'GET' && !websocket && url !== '/api/feed');
  expect(reads.length).toBeGreaterThan(25);
  const read = (address: string) => raw('GET', address, { headers: { cookie } });
  for (const { url } of [...reads, ...reads]) {
    // Some want a reason, the others no such thing.
    const { status } = await read(filled(url));
    if (status === 400) await read(`${filled(url)}?reason=because`);
  }
  expect(content()).toBe(before);
  expect(before.split('\n').length).toBeGreaterThan(30);
});

describe('S19 a field that nobody asked for', () => {
  type Schema = Readonly<{
    type?: string;
    properties?: Readonly<Record<string, Schema>>;
    additionalProperties?: unknown;
    items?: Schema;
    anyOf?: readonly Schema[];
  }>;

  /** The paths of objects that would take any field. */
  function openObjects(schema: Schema, path: string): readonly string[] {
    const inner = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
    return [
      ...(schema.properties !== undefined && schema.additionalProperties !== false ? [path] : []),
      ...inner.flatMap((one) => openObjects(one, path)),
      ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
        openObjects(one, `${path}.${name}`),
      ),
    ];
  }

  test('is refused in the body of every route, at every depth', async () => {
    type Operation = Readonly<{ requestBody?: { content: Record<string, { schema: Schema }> } }>;
    const { paths } = JSON.parse((await raw('GET', '/docs/json')).text) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const bodies = Object.entries(paths).flatMap(([path, methods]) =>
      Object.values(methods).flatMap(({ requestBody }) =>
        Object.values(requestBody?.content ?? {}).map(({ schema }) => ({ path, schema })),
      ),
    );
    expect(bodies.length).toBeGreaterThan(12);
    expect(bodies.flatMap(({ path, schema }) => openObjects(schema, path))).toEqual([]);
  });

  test.each([
    '"userId":"other"',
    '"passwordHash":"x"',
    '"reset":{"tokenHash":"x","expiresAtMs":9000000000000000}',
    '"__proto__":{"role":"administrator"}',
    '"constructor":{"prototype":{"role":"administrator"}}',
  ])('makes nobody more than he is: %s', async (field) => {
    const userId = await guarded.centre.addUser('operator', { kind: 'all' });
    const order = { headers: { cookie, ...json }, body: `{"role":"operator",${field}}` };
    expect((await raw('PATCH', `/api/users/${userId}`, order)).status).toBe(400);
    const user = await guarded.centre.store.user(userId);
    expect(user).toMatchObject({ role: 'operator', passwordHash: '' });
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  test('of a rule is refused too, though rules have a check of their own', async () => {
    const rules = `{"schemaVersion":1,"tripwires":[],"script":"x"}`;
    const order = { headers: { cookie, ...json }, body: `{"rules":${rules},"basedOnVersion":0}` };
    expect((await raw('PUT', '/api/cameras/cam-north/rules', order)).status).toBe(400);
  });
});

describe('S20 a fault of the database', () => {
  const tells = /sqlite|select |insert |from "|no such table|node_modules|\.ts\b|\/tmp\//i;

  test('tells nothing of itself in any answer, and everything to the log', async () => {
    const broken = await openGuardedCentre();
    const database = new DatabaseSync(join(broken.centre.folder, 'centre.sqlite'));
    for (const table of ['alarm', 'event', 'camera', 'rules', 'announcement', 'edge', 'hold'])
      database.exec(`drop table ${table}`);
    database.close();
    const reads = broken.centre.http
      .routes()
      .filter(
        ({ method, url, websocket }) => method === 'GET' && !websocket && url !== '/api/feed',
      );
    const answers = await Promise.all(
      reads
        .filter(({ url }) => url.startsWith('/api/'))
        .map(({ url }) => broken.raw('GET', filled(url), { headers: { cookie: broken.cookie } })),
    );
    await broken.close();
    const failed = answers.filter(({ status }) => status >= 500);
    expect(failed.length).toBeGreaterThan(4);
    expect(failed.filter(({ text }) => tells.test(text))).toEqual([]);
    expect(broken.lines.join('\n')).toMatch(/no such table: alarm/);
  });

  test('lets nobody in: without the accounts every route that asks for them answers 503', async () => {
    const broken = await openGuardedCentre();
    const routes = broken.centre.http.routes();
    await broken.centre.store.close();
    const wrong: string[] = [];
    for (const { method, url, websocket, policy } of routes) {
      if (typeof policy !== 'object' || websocket) continue;
      const order = { headers: { cookie: broken.cookie, ...json } };
      const { status, text } = await broken.raw(method.split(' ')[0] ?? '', filled(url), order);
      if (status !== 503 || tells.test(text)) wrong.push(`${method} ${url}: ${status} ${text}`);
    }
    await broken.close();
    expect(wrong).toEqual([]);
  });
});

test('S21 a name with line breaks is one line of the log and one row of the register', async () => {
  const username = 'li\r\n{"level":30,"msg":"chief signed in"}\u2028\u0000';
  const before = guarded.lines.length;
  const body = JSON.stringify({ username, password: 'x' });
  await raw('POST', '/api/sign-in', { headers: json, body, from: '127.0.0.12' });
  for (const line of guarded.lines.slice(before)) {
    expect(line.trimEnd()).not.toMatch(/[\r\n]/);
    expect((JSON.parse(line) as { msg?: string }).msg).not.toBe('chief signed in');
  }
  const [row] = await guarded.centre.store.auditRows({ limit: 1 });
  expect(row).toMatchObject({ action: 'sign-in', outcome: 'refused', actor: username });
});
