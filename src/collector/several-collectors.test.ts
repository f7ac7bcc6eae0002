/** Two collectors behind one Mosquitto and one PostgreSQL, as programs; one is killed in the middle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toCloudEvent } from '../contract/cloud-event.ts';
import type { Ack } from '../contract/edge-report.ts';
import { topicsOf } from '../contract/topics.ts';
import { crossingEvent } from '../testing/events.ts';
import { createMosquitto, type Mosquitto } from '../testing/mosquitto.ts';
import { createTestPostgres, postgresPrograms, type TestPostgres } from '../testing/postgres.ts';
import { childEnd } from '../testing/processes.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';

const eventCount = 300;
const spokenRules = 4;
const topics = topicsOf('edge-1');
const spokenRule = (at: number) => `spoken-${at}`;

let folder = '';
let broker: Mosquitto;
let postgres: TestPostgres;
let database: Awaited<ReturnType<TestPostgres['createDatabase']>>;
let store: Store;
let edge: MqttClient;
const programs: ChildProcess[] = [];

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
  for (const program of programs) await childEnd(program, 'SIGKILL');
  await edge?.endAsync(true);
  await store?.close();
  await postgres?.remove();
  await broker?.remove();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

test.skipIf(postgresPrograms() === undefined)(
  'share the events: each is stored once, each alarm raised and each announcement made once, though one is killed',
  async () => {
    const collectors = await Promise.all([start('a'), start('b')]);
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
      if (number === eventCount / 2) collectors[0]?.kill('SIGKILL');
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
    const announced = (await store.alarms({ limit: 2 * eventCount })).flatMap(
      ({ announcement }) => announcement?.announcementId ?? [],
    );
    expect(new Set(announced).size).toBe(spokenRules);
    const sounds = readdirSync(join(folder, 'spoken')).map((name) => name.split('_')[1]);
    expect(new Set(sounds).size).toBe(sounds.length);
  },
  120_000,
);

/** Resolves when it has told its address. */
async function start(name: string): Promise<ChildProcess> {
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
  return program;
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
