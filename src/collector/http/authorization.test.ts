/**
 * Every role at every route on an object within its scope and on one outside of it, with real requests. The routes come
 * from the route table, what is expected from the small table below: a new route is tried without a line here.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Action, Role } from '../../contract/access-rights.ts';
import { type Centre, openCentre, type Side } from '../../testing/centre.ts';
import type { GuardedRoute } from './guard.ts';
import type { Policy } from './policy.ts';

/** Operator, Supervisor, Administrator, Technician, aUditor. */
const expected: Readonly<Record<Action, string>> = {
  'account.own': 'OSATU',
  'directory.read': 'OSATU',
  'alarm.read': 'OSA',
  'alarm.handle': 'OSA',
  'recording.view': 'OSA',
  'recording.export': 'SA',
  'recording.hold': 'SA',
  'live.watch': 'OSAT',
  'speaker.use': 'OSA',
  'rules.read': 'OSAT',
  'rules.change': 'SAT',
  'edge.enrol': 'AT',
  'system.change': 'A',
  'user.manage': 'A',
  'audit.read': 'AU',
};
const letters: Readonly<Record<Role, string>> = {
  operator: 'O',
  supervisor: 'S',
  administrator: 'A',
  technician: 'T',
  auditor: 'U',
};
const roles = Object.keys(letters) as readonly Role[];

let centre: Centre;
const userIds = new Map<string, string>();

beforeAll(async () => {
  centre = await openCentre();
  for (const role of roles) {
    userIds.set(role, await centre.addUser(role, { kind: 'some', grids: ['north'], cameras: [] }));
    userIds.set(`${role}/all`, await centre.addUser(role, { kind: 'all' }));
  }
});
afterAll(() => centre.close());

/** HEAD stands beside each GET and is answered by the same declaration. */
const guarded = (): readonly (GuardedRoute & { policy: Policy })[] =>
  centre.http
    .routes()
    .filter(
      (route): route is GuardedRoute & { policy: Policy } =>
        typeof route.policy === 'object' && route.method !== 'HEAD',
    );

/** Fills `:cameraId` and its like with what there is on that side. */
function addressOn(url: string, side: Side): string {
  const objects: Readonly<Record<string, string>> = centre.objects[side];
  return url.replaceAll(/:(\w+)/g, (_, name: string) => objects[name] ?? 'nothing-here');
}

type Answer = Readonly<{ status: number; text: string }>;

async function tryRoute(route: GuardedRoute, path: string, user: string): Promise<Answer> {
  const cookie = await centre.cookieOf(userIds.get(user) ?? '');
  if (route.websocket) return openSocket(path, cookie);
  const [method = 'GET'] = route.method.split(' ');
  const abort = new AbortController();
  const answer = await centre.ask(method, path, {
    cookie,
    signal: abort.signal,
    ...(method === 'GET' || method === 'HEAD' || method === 'DELETE' ? {} : { body: {} }),
  });
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const text = isStream ? '' : await answer.text();
  if (isStream) abort.abort();
  return { status: answer.status, text };
}

function openSocket(path: string, cookie: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(centre.address.replace('http', 'ws') + path, {
      headers: { cookie, origin: centre.address },
    });
    socket.on('open', () => {
      socket.terminate();
      resolve({ status: 101, text: '' });
    });
    socket.on('unexpected-response', (request, response) => {
      response.toArray().then((pieces) => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() });
      }, reject);
    });
    socket.on('error', (error) => resolve({ status: 0, text: error.message }));
  });
}

const named = ({ method, url }: GuardedRoute): string => `${method} ${url}`;
const ofObjects = ['camera', 'alarm', 'event', 'speaker', 'centre'];
const idOf = (object: string, side: Side): string =>
  (centre.objects[side] as Readonly<Record<string, string>>)[`${object}Id`] ?? '';

describe('rights', () => {
  test('every route says who may call it', () => {
    expect(guarded().length).toBeGreaterThan(15);
    expect(guarded().map(({ policy }) => policy.action)).toContain('recording.view');
  });

  test.each(roles)(
    'the %s may do at every route what the table says, within the scope',
    async (role) => {
      const wrong: string[] = [];
      for (const route of guarded()) {
        const allowed = expected[route.policy.action].includes(letters[role]);
        const user = route.policy.object === 'centre' ? `${role}/all` : role;
        const path = addressOn(route.url, 'north');
        const answer = await tryRoute(route, path, user);
        const { status, text } = answer;
        const refused = status === 401 || status === 403 || hidesObject(route, answer);
        if (refused === allowed || status >= 500) wrong.push(`${named(route)}: ${status} ${text}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each(roles)(
    'the %s sees nothing of objects outside the scope, as if there were none',
    async (role) => {
      const wrong: string[] = [];
      const routes = guarded().filter(({ policy: { object } }) => ofObjects.includes(object));
      for (const route of routes) {
        const { action, object } = route.policy;
        const due = object === 'centre' || !expected[action].includes(letters[role]) ? 403 : 404;
        const { status, text } = await tryRoute(route, addressOn(route.url, 'south'), role);
        if (status !== due) wrong.push(`${named(route)}: ${status} ${text}`);
        if (due === 403) continue;
        const unknown = await tryRoute(route, route.url.replaceAll(/:\w+/g, 'nothing-here'), role);
        const alike = text.replace(idOf(object, 'south'), 'nothing-here');
        if (unknown.text !== alike)
          wrong.push(`${named(route)} tells ${text} from ${unknown.text}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each(roles)('lists hold nothing of the other grid for the %s', async (role) => {
    const lists = guarded().filter(
      ({ policy, method, url }) =>
        policy.object === 'list' && method === 'GET' && url !== '/api/feed',
    );
    const held = await Promise.all(
      lists.map(async (route) => ({ ...(await tryRoute(route, route.url, role)), route })),
    );
    expect(held.filter(({ text }) => text.includes('south')).map(({ route }) => route.url)).toEqual(
      [],
    );
    const seen = held.filter(({ text }) => text.includes('north')).map(({ route }) => route.url);
    expect(seen).toEqual(expect.arrayContaining(['/api/cameras', '/api/edges', '/api/speakers']));
    const all = await tryRoute(lists[0] as GuardedRoute, '/api/cameras', `${role}/all`);
    expect(all.text).toContain('cam-south');
  });
});

describe('the live feed', () => {
  test.each([
    ['operator', ['alarm-raised north', 'camera-changed north', 'edge-changed north']],
    [
      'operator/all',
      [
        'alarm-raised north',
        'alarm-raised south',
        'camera-changed north',
        'edge-changed north',
        'edge-changed south',
      ],
    ],
    ['technician', ['camera-changed north', 'edge-changed north']],
  ])('tells the %s only what lies within role and scope', async (user, expectedKinds) => {
    const sequence = 100 + userIds.size + expectedKinds.length * 10 + user.length;
    const cookie = await centre.cookieOf(userIds.get(user) ?? '');
    const abort = new AbortController();
    const feed = await centre.ask('GET', '/api/feed', { cookie, signal: abort.signal });
    await centre.cross('south', sequence);
    await centre.cross('north', sequence + 1000);
    for (const side of ['south', 'north'] as const)
      await centre.store.recordStatus(status(side, false));
    for (const side of ['south', 'north'] as const)
      await centre.store.recordStatus(status(side, true));
    const told = await readUntil(feed, (text) => /"edgeId":"edge-north","online":true/.test(text));
    abort.abort();
    const kinds = [...told.matchAll(/^event: (\S+-changed|\S+-raised)\ndata: (.*)$/gm)].map(
      ([, kind, data]) => `${kind} ${/(?:cam|edge)-(north|south)/.exec(data ?? '')?.[1]}`,
    );
    const relevant = [...new Set(kinds)].filter(
      (kind) => kind !== 'camera-changed south' || !user.endsWith('/all'),
    );
    expect(relevant.sort()).toEqual(expectedKinds);
  });

  test('and a live picture end at once when the session does, or the role changes', async () => {
    const userId = await centre.addUser('operator', { kind: 'all' });
    const cookie = await centre.cookieOf(userId);
    const administrator = await centre.cookieOf(userIds.get('administrator/all') ?? '');
    const feed = await centre.ask('GET', '/api/feed', { cookie });
    const socket = new WebSocket(
      `${centre.address.replace('http', 'ws')}/api/cameras/cam-north/live`,
      {
        headers: { cookie, origin: centre.address },
      },
    );
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    const changed = await centre.ask('PATCH', `/api/users/${userId}`, {
      cookie: administrator,
      body: { role: 'technician' },
    });
    expect(changed.status).toBe(200);
    expect(await closed).toBe(1008);
    await readUntil(feed, () => false);
    expect((await centre.ask('GET', '/api/cameras', { cookie })).status).toBe(401);
  });
});

/** The guard's word about the policy's own object, which is there; other 404s are about things that this test does not make. */
function hidesObject(
  { policy: { object } }: { policy: Policy },
  { status, text }: Answer,
): boolean {
  return status === 404 && text.includes(`there is no ${object} "${idOf(object, 'north')}"`);
}

function status(side: Side, online: boolean) {
  return { edgeId: `edge-${side}`, bootId: 'boot', online, sinceMs: Date.now() };
}

/** Reads the stream until the text satisfies, or to its end. */
async function readUntil(answer: Response, enough: (text: string) => boolean): Promise<string> {
  let text = '';
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (!enough(text)) {
    const piece = await reader?.read();
    if (piece?.value === undefined) break;
    text += piece.value;
  }
  return text;
}
