/** The centre's program on a disk that runs full: it acknowledges nothing that it did not store, goes on reading, and comes back. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { toCloudEvent } from '../contract/cloud-event.ts';
import type { Ack } from '../contract/edge-report.ts';
import { topicsOf } from '../contract/topics.ts';
import { crossingEvent } from '../testing/events.ts';
import { createMosquitto, type Mosquitto } from '../testing/mosquitto.ts';

/** A mount of its own takes root; elsewhere the disk cannot be made small. */
const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0;
const patient = { timeout: 30_000, interval: 100 };

let folder: string;
let broker: Mosquitto;
let collector: ChildProcess;
let edge: MqttClient;
let log = '';
const acknowledged = new Set<string>();

const console_ = (): string => /console {7}(\S+)/.exec(log)?.[1] ?? '';
const health = async () => (await fetch(`${console_()}/health`)).json();
/** Where this process finds the small disk that only the collector has mounted. */
const fill = (): string => join(`/proc/${collector.pid}/root`, folder, 'data', 'fill');

function publish(sequence: number): void {
  const event = crossingEvent(sequence);
  edge.publish(topicsOf('edge-1').event(event.cameraId), toCloudEvent(event), { qos: 1 });
}

/** As the edge does with what has no acknowledgement. */
function sentUntilAcknowledged(sequence: number): void {
  publish(sequence);
  expect(acknowledged).toContain(crossingEvent(sequence).eventId);
}

beforeAll(async () => {
  if (!mayMount) return;
  folder = mkdtempSync(join(tmpdir(), 'collector-disk-'));
  mkdirSync(join(folder, 'data'));
  broker = await createMosquitto();
  await broker.start();
  const config = join(folder, 'collector.yaml');
  writeFileSync(
    config,
    `http:\n  port: 0\nbroker:\n  url: ${broker.url}\ndataFolder: ${join(folder, 'data')}\n`,
  );
  const script =
    'mount -t tmpfs -o size=6m tmpfs "$1" && exec "$2" src/collector/main.ts --config "$3"';
  collector = spawn(
    'unshare',
    ['--mount', 'sh', '-c', script, 'sh', join(folder, 'data'), process.execPath, config],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  collector.stdout?.on('data', (text: Buffer) => {
    log += text.toString();
  });
  edge = await mqtt.connectAsync(broker.url, { clean: true });
  edge.on('message', (_topic, payload) => {
    for (const id of (JSON.parse(payload.toString()) as Ack).eventIds) acknowledged.add(id);
  });
  await edge.subscribeAsync(topicsOf('edge-1').ack, { qos: 1 });
  await vi.waitFor(async () => expect(await health()).toMatchObject({ ok: true }), patient);
});

afterAll(async () => {
  if (!mayMount) return;
  await edge?.endAsync(true);
  collector?.kill('SIGTERM');
  if (collector?.exitCode === null) await once(collector, 'exit');
  await broker?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(!mayMount)(
  'a full disk: nothing is acknowledged that is not stored, reading goes on, and room brings it back',
  async () => {
    const [before, during] = [crossingEvent(1).eventId, crossingEvent(2).eventId];
    await vi.waitFor(() => sentUntilAcknowledged(1), patient);
    expect(acknowledged).toContain(before);

    fillUp();
    await vi.waitFor(
      async () => expect(await health()).toMatchObject({ ok: false, store: 'full', disk: 'low' }),
      patient,
    );
    publish(2);
    await vi.waitFor(() => expect(log).toContain('events not stored nor acknowledged'), patient);
    expect(acknowledged).not.toContain(during);
    const setup = await fetch(`${console_()}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token: /set-up token {2}(\S+)/.exec(log)?.[1],
        username: 'someone',
        password: 'a-long-enough-password',
      }),
    });
    expect([setup.status, await setup.json()]).toMatchObject([507, { error: 'disk-full' }]);
    expect((await fetch(`${console_()}/api/session`)).status).toBe(200);

    rmSync(fill());
    await vi.waitFor(
      async () => expect(await health()).toMatchObject({ ok: true, store: 'well', disk: 'well' }),
      patient,
    );
    await vi.waitFor(() => sentUntilAcknowledged(2), patient);
  },
);

function fillUp(): void {
  const block = Buffer.alloc(64 * 1024);
  for (const size of [block.length, 4096, 1]) {
    try {
      for (;;) appendFileSync(fill(), block.subarray(0, size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
