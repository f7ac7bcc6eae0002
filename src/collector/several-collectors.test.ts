/** Two collectors behind one Mosquitto and one PostgreSQL, as programs; one is killed in the middle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toCloudEvent } from '../contract/cloud-event.ts';
import type { FeedMessage } from '../contract/console-api.ts';
import type { Ack } from '../contract/edge-report.ts';
import { topicsOf } from '../contract/topics.ts';
import { crossingEvent } from '../testing/events.ts';
import { createMosquitto, type Mosquitto } from '../testing/mosquitto.ts';
import { createTestPostgres, postgresPrograms, type TestPostgres } from '../testing/postgres.ts';
import { childEnd } from '../testing/processes.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';

const eventCount = 300;
/** So many are heard of at both before one of them is killed. */
const toldAtBoth = 30;
const spokenRules = 4;
const topics = topicsOf('edge-1');
const spokenRule = (at: number) => `spoken-${at}`;

let folder = '';
let broker: Mosquitto;
let postgres: TestPostgres;
let database: Awaited<ReturnType<TestPostgres['createDatabase']>>;
let store: Store;
let edge: MqttClient;
type Collector = Readonly<{ program: ChildProcess; address: string; setupToken: string }>;
const programs: ChildProcess[] = [];
const consoles = new AbortController();

beforeAll(async () => {
  if (postgresPrograms() === undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'several-'));
  broker = await createMosquitto();
  await broker.start();
  postgres = await createTestPostgres();
  database = await postgres.createDatabase('centre');
  store = await createStore({ database, places: [] });
  await store.saveRules('cam-1', rulesThatSpeak() as never, 0, 'li', Date.now());
});
afterAll(async () => {
  consoles.abort();
  for (const program of programs) await childEnd(program, 'SIGKILL');
  await edge?.endAsync(true);
  await store?.close();
  await postgres?.remove();
  await broker?.remove();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

test.skipIf(postgresPrograms() === undefined)(
  'share the events: each is stored once, each alarm raised, shown on every console and announced once, though one is killed',
  async () => {
    const collectors = await Promise.all([start('a'), start('b')]);
    const cookie = await signIn(collectors);
    // Each event is stored by one of them: what both consoles hear of has come across.
    const [atFirst, atOther] = await Promise.all(
      collectors.map(({ address }) => raisedOnFeed(address, cookie)),
    );
    const waiting = new Map<string, string>();
    const ids: string[] = [];
    edge = mqtt.connect(broker.url);
    edge.on('message', (_topic, payload) => {
      for (const id of (JSON.parse(payload.toString()) as Ack).eventIds) waiting.delete(id);
    });
    await edge.subscribeAsync(topics.ack, { qos: 1 });
    const publish = (message: string) => edge.publish(topics.event('cam-1'), message, { qos: 1 });
    for (let number = 1; number <= eventCount; number += 1) {
      const ruleId = number <= spokenRules ? spokenRule(number) : `gate-${number}`;
      const event = {
        ...crossingEvent(number, { ruleId, capturedAtMs: Date.now() }),
        eventId: uuidv7(),
      };
      waiting.set(event.eventId, toCloudEvent(event));
      ids.push(event.eventId);
      publish(toCloudEvent(event));
      if (number === toldAtBoth)
        for (const heard of [atFirst, atOther])
          await expect.poll(() => heard?.toSorted(), { timeout: 20_000 }).toEqual(ids.toSorted());
      if (number === eventCount / 2) collectors[0]?.program.kill('SIGKILL');
      if (number % 30 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // As an edge does: whatever is not acknowledged is sent again.
    const resend = setInterval(() => {
      for (const message of waiting.values()) publish(message);
    }, 1500);
    await expect.poll(() => waiting.size, { timeout: 40_000 }).toBe(0);
    clearInterval(resend);

    const stored = await store.events({ limit: 2 * eventCount });
    expect(stored.map(({ eventId }) => eventId).sort()).toEqual([...ids].sort());
    const alarms = await store.alarms({ limit: 2 * eventCount });
    expect(alarms.map(({ event }) => event.eventId).sort()).toEqual([...ids].sort());
    await expect.poll(() => store.queuedAnnouncements(), { timeout: 40_000 }).toEqual([]);
    const told = (await store.feedSince(0, 5000)).map(({ message }) => message);
    expect(told.filter(({ kind }) => kind === 'alarm-raised')).toHaveLength(eventCount);
    await expect.poll(() => atOther?.length, { timeout: 20_000 }).toBe(eventCount);
    expect(atOther?.toSorted()).toEqual(ids.toSorted());
    const announced = (await store.alarms({ limit: 2 * eventCount })).flatMap(
      ({ announcement }) => announcement?.announcementId ?? [],
    );
    expect(new Set(announced).size).toBe(spokenRules);
    const sounds = readdirSync(join(folder, 'spoken')).map((name) => name.split('_')[1]);
    expect(new Set(sounds).size).toBe(sounds.length);
  },
  120_000,
);

/** With the token of the one that started last; the session holds at every one of them. */
async function signIn(collectors: readonly Collector[]): Promise<string> {
  for (const { address, setupToken: token } of collectors) {
    const answer = await fetch(`${address}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: address },
      body: JSON.stringify({ token, username: 'chief', password: 'a-long-enough-password' }),
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (answer.ok && cookie !== undefined) return cookie;
  }
  throw new Error('no collector took its set-up token');
}

/** The events whose alarms a console hears of as raised, from now on, in a list that grows. Resolves when the feed is open. */
async function raisedOnFeed(address: string, cookie: string): Promise<readonly string[]> {
  const raised: string[] = [];
  const feed = await fetch(`${address}/api/feed`, { headers: { cookie }, signal: consoles.signal });
  expect(feed.status).toBe(200);
  void (async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of feed.body ?? []) {
      const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const message = JSON.parse(
          /^data: (.*)$/m.exec(block)?.[1] ?? '{}',
        ) as Partial<FeedMessage>;
        if (message.kind === 'alarm-raised' && message.alarm !== undefined)
          raised.push(message.alarm.event.eventId);
      }
    }
    // It ends with the test, or with its collector.
  })().catch(() => undefined);
  return raised;
}

/** Resolves when it has told its address. */
async function start(name: string): Promise<Collector> {
  const { user, password, database: db, host } = database;
  const config = join(folder, `${name}.yaml`);
  writeFileSync(
    config,
    `http:
  port: 0
broker:
  url: ${broker.url}
  shared: true
dataFolder: ${join(folder, name)}
database: postgres://${user}:$${'{DATABASE_PASSWORD}'}@localhost/${db}?host=${host}
speakers:
  - speakerId: lane-1
    name: Lane
    driver: file
    folder: ${join(folder, 'spoken')}
cameras:
  - cameraId: cam-1
    speakerId: lane-1
`,
  );
  const program = spawn(process.execPath, ['src/collector/main.ts', '--config', config], {
    env: { ...process.env, DATABASE_PASSWORD: password },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  programs.push(program);
  let said = '';
  program.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  await expect.poll(() => said, { timeout: 60_000 }).toMatch(/^console/m);
  await expect.poll(() => said, { timeout: 20_000 }).toMatch(/broker connected/);
  expect(said).not.toContain(password);
  const toldOf = (what: string): string =>
    new RegExp(`^${what} +(\\S+)`, 'm').exec(said)?.[1] ?? '';
  return { program, address: toldOf('console'), setupToken: toldOf('set-up token') };
}

function rulesThatSpeak(): unknown {
  const tripwires = Array.from({ length: spokenRules }, (_, at) => ({
    ruleId: spokenRule(at + 1),
    name: `Gate ${at + 1}`,
    points: [
      [0, 0],
      [1, 1],
    ],
    response: { announcement: { kind: 'speech', text: `请离开 ${at + 1}`, language: 'zh-CN' } },
  }));
  return { schemaVersion: 1, tripwires };
}
