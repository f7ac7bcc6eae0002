/**
 * A centre for tests of its HTTP interface: a real store in a temporary folder, two grids with a camera, an edge, a speaker,
 * an event and an alarm each, and users whose sessions are made without the costly password.
 */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { createEvidence } from '../collector/evidence/evidence.ts';
import { createHttp, type Http, type HttpDependencies } from '../collector/http/http.ts';
import { digest } from '../collector/http/sessions.ts';
import { createStore } from '../collector/store/create-store.ts';
import type { Store } from '../collector/store/store.ts';
import type { Role, Scope } from '../contract/access-rights.ts';
import { crossingEvent } from './events.ts';
import { quietFlow } from './quiet-centre.ts';
import { silentSpeakers } from './silent-speakers.ts';
import { databaseIn } from './store-database.ts';

export type Side = 'north' | 'south';
/** What there is in each grid; the events' and alarms' ids are known once `openCentre` has resolved. */
type GridObjects = Readonly<{
  cameraId: string;
  edgeId: string;
  speakerId: string;
  eventId: string;
  alarmId: string;
}>;

export type Centre = Readonly<{
  store: Store;
  http: Http;
  address: string;
  setupToken: string;
  objects: Readonly<Record<Side, GridObjects>>;
  folder: string;
  /** Moves the centre's clock. */
  wait: (ms: number) => void;
  now: () => number;
  addUser: (role: Role, scope: Scope, username?: string) => Promise<string>;
  /** A fresh session of the user, as the header `cookie`. */
  cookieOf: (userId: string) => Promise<string>;
  ask: (method: string, path: string, options?: AskOptions) => Promise<Response>;
  /** Another collector on the same database, with a store of its own. */
  openAnother: () => Promise<Pick<Centre, 'store' | 'address' | 'setupToken' | 'ask' | 'close'>>;
  /** Files a crossing as the intake does; answers with the id of its alarm. */
  cross: (side: Side, sequence: number) => Promise<string>;
  close: () => Promise<void>;
}>;

type AskOptions = Readonly<{
  cookie?: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}>;

const sides = ['north', 'south'] as const;

type Changes = Readonly<{
  webhookTargets?: NonNullable<Parameters<typeof createStore>[0]['webhookTargets']>;
  zones?: NonNullable<Parameters<typeof createStore>[0]['zones']>;
  settings?: Partial<Parameters<typeof createHttp>[0]>;
  dependencies?: (folder: string, store: Store) => Partial<HttpDependencies>;
  logger?: Logger;
}>;

const places = sides.map((grid) => ({
  grid,
  cameraId: `cam-${grid}`,
  speakerId: `horn-${grid}`,
}));

export async function openCentre(changes: Changes = {}): Promise<Centre> {
  const folder = mkdtempSync(join(tmpdir(), 'centre-'));
  writeFileSync(join(folder, 'clip.mp4'), 'clip');
  let aheadMs = 0;
  const now = (): number => Date.now() + aheadMs;
  const { store, http, address, setupToken, close } = await openCollector(folder, changes, now);
  const cross = crosser(store, now);
  return {
    store,
    http,
    address,
    setupToken,
    folder,
    now,
    cross,
    openAnother: async () => {
      const other = await openCollector(folder, changes, now);
      return {
        ...other,
        ask: (method, path, options = {}) => ask(other.address, method, path, options),
      };
    },
    objects: {
      north: await fill(store, cross, 'north', 1),
      south: await fill(store, cross, 'south', 2),
    },
    wait: (ms) => {
      aheadMs += ms;
    },
    ...usersOf(store, now),
    ask: (method, path, options = {}) => ask(address, method, path, options),
    close: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openCollector(folder: string, changes: Changes, now: () => number) {
  const database = await databaseIn(folder);
  const { zones = [], webhookTargets } = changes;
  const store = await createStore({
    ...{ database, places, zones },
    ...(webhookTargets === undefined ? {} : { webhookTargets }),
  });
  const fileOfClip = () => join(folder, 'clip.mp4');
  const http = createHttp(
    { host: '127.0.0.1', port: 0, consoleFolder: join(folder, 'console'), ...changes.settings },
    {
      store,
      speakers: silentSpeakers(places.map(({ speakerId }) => speakerId)),
      fileOfClip,
      askReplay: async () => ({ kind: 'offline', edgeId: 'edge-north' }),
      exports: createEvidence({ dataFolder: folder, store, fileOfClip, now }),
      edges: {
        connected: () => true,
        publishRules: () => undefined,
        sendCommand: () => undefined,
      },
      logger: changes.logger ?? pino({ level: 'silent' }),
      now,
      ...changes.dependencies?.(folder, store),
    } as HttpDependencies,
  );
  const { address, setupToken = '' } = await http.start();
  const close = async (): Promise<void> => {
    await http.stop();
    await store.close();
  };
  return { store, http, address, setupToken, close };
}

function usersOf(store: Store, now: () => number): Pick<Centre, 'addUser' | 'cookieOf'> {
  return {
    addUser: async (role, scope, username = `${role}-${randomBytes(4).toString('hex')}`) => {
      const user = { role, scope, username, passwordHash: '', disabled: false, createdAtMs: now() };
      await store.createUser({ ...user, userId: username });
      return username;
    },
    cookieOf: async (userId) => {
      const token = randomBytes(16).toString('hex');
      await store.createSession({
        tokenHash: digest(token),
        sessionId: digest(token).slice(0, 16),
        userId,
        createdAtMs: now(),
        expiresAtMs: now() + 3_600_000,
        address: '127.0.0.1',
        program: 'test',
      });
      return `haoguanjia-session=${token}`;
    },
  };
}

function ask(
  address: string,
  method: string,
  path: string,
  { cookie, body, headers, signal }: AskOptions,
): Promise<Response> {
  return fetch(address + path, {
    method,
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      ...(cookie === undefined ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  });
}

function crosser(store: Store, now: () => number): Centre['cross'] {
  const flow = quietFlow(store, { now });
  return async (side, sequence) => {
    const event = crossingEvent(sequence, {
      capturedAtMs: now(),
      ruleId: `gate-${sequence}`,
      cameraId: `cam-${side}`,
      edgeId: `edge-${side}`,
    });
    await flow.file([event]);
    const alarms = await store.alarms({ limit: 100, cameraId: event.cameraId });
    const alarm = alarms.find((one) => one.event.eventId === event.eventId);
    if (alarm === undefined) throw new Error('the crossing raised no alarm');
    return alarm.alarmId;
  };
}

async function fill(
  store: Store,
  cross: Centre['cross'],
  side: Side,
  sequence: number,
): Promise<GridObjects> {
  const [cameraId, edgeId] = [`cam-${side}`, `edge-${side}`];
  const atMs = Date.now();
  await store.recordHealth({
    edgeId,
    bootId: 'boot',
    atMs,
    outboxRows: 0,
    cameras: [
      {
        cameraId,
        name: cameraId,
        state: 'live',
        stateSinceMs: atMs,
        analysedPerSecond: 5,
        rules: { appliedVersion: 0 },
      },
    ],
  });
  const alarmId = await cross(side, sequence);
  const { eventId } = crossingEvent(sequence);
  await store.saveSnapshot(eventId, Buffer.from('jpeg'), atMs);
  const clip = { clipId: eventId, eventIds: [eventId], startedAtMs: atMs, durationMs: 1, bytes: 4 };
  await store.saveClip(edgeId, { ...clip, cameraId, sha256: '0'.repeat(64) }, atMs);
  return { cameraId, edgeId, speakerId: `horn-${side}`, eventId, alarmId };
}
