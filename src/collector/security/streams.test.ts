/** What stays open: WebSockets and who may have them, when they end, and how much of what is dear runs at once. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Scope } from '../../contract/access-rights.ts';
import type { Side } from '../../testing/centre.ts';
import { type GuardedCentre, openGuardedCentre } from '../../testing/guarded-centre.ts';

let guarded: GuardedCentre;
/** Exports that do not end before the test lets them. */
const running: Readable[] = [];
let areHeld = true;

function finish(content: Readable): void {
  content.push('y');
  content.push(null);
}

beforeAll(async () => {
  const exportAlarm = async () => {
    const content = new Readable({ read: () => undefined });
    content.push('x');
    if (areHeld) running.push(content);
    else finish(content);
    return { fileName: 'alarm.tar', bytes: 2, manifestSha256: 'none', content };
  };
  guarded = await openGuardedCentre(
    { atOnce: { streamsOfSession: 3, streams: 5 }, headTimeoutMs: 2000 },
    { exports: { publicKey: async () => 'none', exportAlarm } },
  );
});
afterAll(() => guarded.close());

const sockets = (): readonly string[] =>
  guarded.centre.http
    .routes()
    .filter(({ websocket, policy }) => websocket && policy !== 'edge')
    .map(({ url }) => url);

const pathOn = (url: string, side: Side): string =>
  url.replace(
    /:(\w+)/,
    (_, name: keyof GuardedCentre['centre']['objects'][Side]) => guarded.centre.objects[side][name],
  );

type Opened = Readonly<{ status: number; socket: WebSocket }>;

function open(path: string, headers: Readonly<Record<string, string>>): Promise<Opened> {
  const socket = new WebSocket(guarded.centre.address.replace('http', 'ws') + path, { headers });
  return new Promise((resolve) => {
    socket.on('unexpected-response', (request, { statusCode = 0 }) => {
      resolve({ status: statusCode, socket });
      request.destroy();
    });
    socket.on('open', () => resolve({ status: 101, socket }));
    socket.on('error', () => undefined);
  });
}

const closed = ({ socket }: Opened): Promise<unknown> =>
  new Promise((resolve) => socket.once('close', resolve));

describe('S10 a WebSocket', () => {
  test.each([
    ['a foreign origin', (own: string) => ({ origin: `${own}.evil.example` }), 403],
    ['no origin', () => ({}), 403],
    ['an origin that is hidden', () => ({ origin: 'null' }), 403],
  ] as const)('with %s is refused at every route', async (_, headersOf, due) => {
    const { cookie, centre } = guarded;
    expect(sockets()).toEqual(
      expect.arrayContaining(['/api/cameras/:cameraId/live', '/api/cameras/:cameraId/talk']),
    );
    for (const url of sockets()) {
      const path = pathOn(url, 'north');
      const { status } = await open(path, { cookie, ...headersOf(centre.address) });
      expect(status, url).toBe(due);
    }
  });

  test('with its own origin and no session, or one that is none, is refused', async () => {
    const origin = guarded.centre.address;
    const none: Record<string, string>[] = [{}, { cookie: 'haoguanjia-session=made-up' }];
    for (const url of sockets())
      for (const cookie of none)
        expect((await open(pathOn(url, 'north'), { origin, ...cookie })).status).toBe(401);
  });

  test('to a camera out of reach is refused as if there were none', async () => {
    const origin = guarded.centre.address;
    const scope: Scope = { kind: 'some', grids: ['north'], cameras: [] };
    const cookie = await guarded.centre.cookieOf(await guarded.centre.addUser('operator', scope));
    for (const url of sockets()) {
      expect((await open(pathOn(url, 'south'), { origin, cookie })).status).toBe(404);
      const own = await open(pathOn(url, 'north'), { origin, cookie });
      expect(own.status).toBe(101);
      own.socket.terminate();
    }
  });

  const ends: Readonly<Record<string, (userId: string, cookie: string) => Promise<unknown>>> = {
    'its user signs out': (_, cookie) =>
      guarded.raw('POST', '/api/sign-out', { headers: { cookie } }),
    'its user’s role changes': (userId) => change(userId, { role: 'auditor' }),
    'its user’s scope changes': (userId) =>
      change(userId, { scope: { kind: 'some', grids: [], cameras: [] } }),
    'its user is disabled': (userId) => change(userId, { disabled: true }),
    'its user’s password is taken away': (userId) =>
      guarded.raw('POST', `/api/users/${userId}/reset`, { headers: { cookie: guarded.cookie } }),
    'another collector on the same database ends the session': (userId) =>
      guarded.centre.store.endSessions({ userId }),
  };
  const change = (userId: string, body: unknown) =>
    guarded.raw('PATCH', `/api/users/${userId}`, {
      headers: { cookie: guarded.cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test.each(Object.keys(ends))('is closed when %s', async (why) => {
    const userId = await guarded.centre.addUser('operator', { kind: 'all' });
    const cookie = await guarded.centre.cookieOf(userId);
    const origin = guarded.centre.address;
    const live = await open('/api/cameras/cam-north/live', { origin, cookie });
    expect(live.status).toBe(101);
    const end = closed(live);
    await ends[why]?.(userId, cookie);
    expect(await end).toBe(1008);
    expect((await open('/api/cameras/cam-north/live', { origin, cookie })).status).toBe(401);
  });
});

describe('S13 what is dear', () => {
  test('of fifty exports at once two run and the rest are told to come again', async () => {
    const { alarmId } = guarded.centre.objects.north;
    areHeld = true;
    const statuses: number[] = [];
    const all = Array.from({ length: 50 }, async () => {
      const { status, headers } = await exportOf(alarmId);
      statuses.push(status);
      if (status === 429) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    });
    await vi.waitFor(() => expect(statuses).toHaveLength(48), { timeout: 30_000 });
    expect(new Set(statuses)).toEqual(new Set([429]));
    expect(running).toHaveLength(2);
    areHeld = false;
    for (const content of running.splice(0)) finish(content);
    await Promise.all(all);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    // The two have made room.
    const again = async () => expect((await exportOf(alarmId)).status).toBe(200);
    await vi.waitFor(again, { timeout: 30_000 });
  });

  const exportOf = (alarmId: string) =>
    guarded.raw('POST', `/api/alarms/${alarmId}/export`, {
      headers: { cookie: guarded.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'for the court' }),
    });

  test('streams are counted for a session and for all, and one that ends makes room', async () => {
    const { centre } = guarded;
    const [own, other] = [guarded.cookie, await centre.cookieOf(guarded.chief)];
    const live = (cookie: string) =>
      open('/api/cameras/cam-north/live', { origin: centre.address, cookie });
    const feeds = new AbortController();
    const feed = await centre.ask('GET', '/api/feed', { cookie: own, signal: feeds.signal });
    expect(feed.status).toBe(200);
    const opened = [await live(own), await live(own)];
    for (const url of sockets()) {
      const headers = { origin: centre.address, cookie: own };
      expect((await open(pathOn(url, 'north'), headers)).status, url).toBe(429);
    }
    opened.push(await live(other), await live(other));
    expect(opened.map(({ status }) => status)).toEqual([101, 101, 101, 101]);
    expect((await live(other)).status).toBe(429);
    const end = closed(opened[0] as Opened);
    opened.shift()?.socket.terminate();
    await end;
    await vi.waitFor(
      async () => {
        const late = await live(other);
        if (late.status === 101) opened.push(late);
        expect(late.status).toBe(101);
      },
      { timeout: 20_000 },
    );
    feeds.abort();
    for (const { socket } of opened) socket.terminate();
  });
});

describe('S13 who is slow', () => {
  test('with two hundred connections that dribble their heads, others are answered, and the slow are ended', async () => {
    const { hostname, port } = new URL(guarded.centre.address);
    const slow = await Promise.all(
      Array.from(
        { length: 200 },
        () =>
          new Promise<Socket>((resolve) => {
            const socket = connect(Number(port), hostname, () => resolve(socket));
            socket.on('error', () => undefined);
          }),
      ),
    );
    const ended = slow.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of slow) socket.resume().write('GET /api/session HTTP/1.1\r\nHost: x\r\n');
    const dribble = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write('X-More: y\r\n');
    }, 200);
    const times: number[] = [];
    for (let asked = 0; asked < 20; asked += 1) {
      const beganAt = performance.now();
      expect([200, 503]).toContain((await guarded.raw('GET', '/health')).status);
      times.push(performance.now() - beganAt);
    }
    // A bound against standing still, far above what it takes; the figure is for a bench.
    expect(times.sort((a, b) => a - b)[18]).toBeLessThan(10_000);
    await Promise.all(ended);
    clearInterval(dribble);
  });

  test('a body that is too large is refused before it is read', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': String(600 * 1024) };
    const { hostname, port } = new URL(guarded.centre.address);
    const socket = connect(Number(port), hostname);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    // The head alone: the answer comes without a byte of the body.
    socket.write(`POST /api/sign-in HTTP/1.1\r\nhost: x\r\n${lines.join('\r\n')}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  });
});
