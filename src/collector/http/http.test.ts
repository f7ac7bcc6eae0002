/** The HTTP interface over a real socket: who gets in, what a stranger sees, and that nobody misses a message. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import { quietFlow } from '../../testing/quiet-centre.ts';
import { silentSpeakers } from '../../testing/silent-speakers.ts';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { createHttp, type Http } from './http.ts';

const account = { username: 'duty', password: 'a-long-enough-password' };

let folder: string;
let store: Store;
let http: Http;
let address: string;
let setupToken: string;
let cookie = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'http-'));
  store = await createStore({
    database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
    places: [],
  });
  http = createHttp(
    { host: '127.0.0.1', port: 0, consoleFolder: folder },
    {
      store,
      speakers: silentSpeakers(),
      edges: {
        connected: () => false,
        publishRules: () => undefined,
        sendCommand: () => undefined,
      },
      logger: pino({ level: 'silent' }),
      now: Date.now,
    },
  );
  const started = await http.start();
  address = started.address;
  setupToken = started.setupToken ?? '';
});
afterAll(async () => {
  await http.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${address}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${address}${path}`, { headers });

type Documented = Readonly<{ paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> }>;
const openToEverybody = [
  'GET /api/session',
  'GET /health',
  'POST /api/choose-password',
  'POST /api/enrol',
  'POST /api/setup',
  'POST /api/sign-in',
];

describe('the HTTP interface', () => {
  test('lets nobody in without a session but where it must', async () => {
    const { paths } = (await (await get('/docs/json')).json()) as Documented;
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    expect(routes.length).toBeGreaterThan(12);
    const open: string[] = [];
    for (const [method, path] of routes) {
      const url = address + path.replaceAll(/\{\w+\}/g, 'some-id');
      const { status } = await fetch(url, {
        method,
        ...(method === 'GET'
          ? {}
          : { body: '{}', headers: { 'content-type': 'application/json' } }),
      });
      if (status !== 401) open.push(`${method} ${path}`);
    }
    expect(open.sort()).toEqual([...openToEverybody].sort());
  });

  test('documents every route: a summary, a tag, and what it refuses', async () => {
    type Operation = Readonly<{ summary?: string; tags?: string[]; responses?: object }>;
    const { paths } = (await (await get('/docs/json')).json()) as Documented;
    const lacking = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods as Readonly<Record<string, Operation>>).flatMap(
        ([method, { summary = '', tags = [], responses = {} }]) => {
          const name = `${method.toUpperCase()} ${path}`;
          const due = openToEverybody.includes(name) ? [] : ['401', '403'];
          const known = Object.keys(responses);
          const isWhole =
            summary !== '' && tags.length > 0 && due.every((status) => known.includes(status));
          return isWhole ? [] : [name];
        },
      ),
    );
    expect(lacking).toEqual([]);
  });

  test('makes the first account with the printed token, once', async () => {
    expect((await post('/api/setup', { token: 'wrong', ...account })).status).toBe(403);
    const made = await post('/api/setup', { token: setupToken, ...account });
    expect(made.status).toBe(200);
    const given = made.headers.get('set-cookie') ?? '';
    expect(given).toMatch(/HttpOnly/);
    expect(given).toMatch(/SameSite=Strict/);
    cookie = given.split(';')[0] ?? '';
    expect((await post('/api/setup', { token: setupToken, ...account })).status).toBe(403);
    expect((await get('/api/cameras', { cookie })).status).toBe(200);
  });

  test('refuses a wrong password and a name that does not exist alike', async () => {
    const answers = await Promise.all(
      [
        { ...account, password: 'not-the-password' },
        { ...account, username: 'nobody' },
      ].map(async (entry) => (await post('/api/sign-in', entry)).text()),
    );
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).toContain('user name or password is wrong');
  });

  test('refuses what changes something when it comes from another site', async () => {
    const headers = { cookie, origin: 'https://elsewhere.example' };
    const answer = await post('/api/alarms/some-id/acknowledge', {}, headers);
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ error: 'foreign-origin' }),
    ]);
  });

  test('slows guessing down', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      statuses.push((await post('/api/sign-in', { ...account, password: 'guess' })).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });

  test('gives a feed that is resumed exactly what it missed, in order', async () => {
    const first = await openFeed();
    await cross(1);
    const [seen] = await first.read(1);
    first.close();
    await cross(2);
    await cross(3);
    const second = await openFeed(seen?.id);
    await cross(4);
    const rest = await second.read(3);
    second.close();
    expect(seen?.sequence).toBe(1);
    expect(rest.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
  });

  test('gives a console that missed more than it can hold everything, without cutting it off', async () => {
    const seen = await store.newestFeedId();
    await fileCrossings(Array.from({ length: 900 }, (_, at) => at + 1001));
    const feed = await openFeed(String(seen));
    const told = await feed.read(900);
    feed.close();
    expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, at) => at + 1001));
  });

  test('still tells what happens to a console that knows numbers the store has not reached', async () => {
    const feed = await openFeed('999999');
    await cross(9);
    expect((await feed.read(1))[0]?.sequence).toBe(9);
    feed.close();
  });

  test('tells its own health: without a broker it is not well', async () => {
    const answer = await get('/health');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { ok: false, store: 'well', broker: false, intake: 'well', disk: 'well' },
    ]);
  });
});

/** Files a crossing as the intake does; each is an alarm of its own. */
function cross(sequence: number): Promise<void> {
  return fileCrossings([sequence]);
}

function fileCrossings(sequences: readonly number[]): Promise<void> {
  return quietFlow(store).file(
    sequences.map((sequence) =>
      crossingEvent(sequence, { capturedAtMs: Date.now(), ruleId: `gate-${sequence}` }),
    ),
  );
}

type Told = Readonly<{ id: string; sequence: number }>;

/** Alarms that were raised, as the feed tells them. */
async function openFeed(lastEventId?: string) {
  const abort = new AbortController();
  const headers = {
    cookie,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const answer = await fetch(`${address}/api/feed`, { headers, signal: abort.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const told: Told[] = [];
  let text = '';
  return {
    read: async (count: number): Promise<readonly Told[]> => {
      while (told.length < count) {
        const piece = await reader?.read();
        if (piece?.value === undefined) throw new Error('the feed ended');
        const messages = (text + piece.value).split('\n\n');
        text = messages.pop() ?? '';
        told.push(...messages.flatMap(alarmIn));
      }
      return told;
    },
    close: () => abort.abort(),
  };
}

function alarmIn(message: string): readonly Told[] {
  const id = /^id: (\d+)$/m.exec(message)?.[1];
  const data = /^data: (.*)$/m.exec(message)?.[1];
  if (id === undefined || data === undefined) return [];
  const read = JSON.parse(data);
  return read.kind === 'alarm-raised' ? [{ id, sequence: read.alarm.event.sequence }] : [];
}
