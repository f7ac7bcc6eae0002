/** A commit whose answer is lost: the event is stored, nobody knows it, and it comes again. What it has to say is said all the same. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { connectEdge } from '../testing/collector-process.ts';
import { crossingEvent } from '../testing/events.ts';
import { createMosquitto } from '../testing/mosquitto.ts';
import { createTestPostgres, postgresPrograms } from '../testing/postgres.ts';
import { createCollector } from './collector.ts';

const points: [number, number][] = [
  [0, 0],
  [1, 1],
];
const announcement = { kind: 'speech', text: '请离开', language: 'zh-CN' } as const;
const tripwires = [{ ruleId: 'gate', name: 'Gate', points, response: { announcement } }];

test.skipIf(postgresPrograms() === undefined)(
  'a collector that is alone says what it filed without hearing that it was filed',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'commit-unknown-'));
    const postgres = await createTestPostgres();
    const broker = await createMosquitto();
    await broker.start();
    const server = await postgres.createDatabase('centre');
    const line = await layLine(join(server.host, `.s.PGSQL.${server.port}`));
    const spoken = join(folder, 'spoken');
    const collector = await createCollector(
      {
        http: { host: '127.0.0.1', port: 0 },
        broker: { url: broker.url },
        dataFolder: folder,
        database: { ...server, host: '127.0.0.1', port: line.port },
        speakers: [{ driver: 'file', speakerId: 'horn', name: 'Horn', folder: spoken }],
        cameras: [{ cameraId: 'cam-1', speakerId: 'horn' }],
      },
      pino({ level: 'silent' }),
    );
    await collector.start();
    const edge = await connectEdge(broker.url, 'edge-1');
    try {
      await collector.store.saveRules(
        'cam-1',
        { schemaVersion: 1, tripwires },
        0,
        'li',
        Date.now(),
      );
      line.cutAtNextAlarm();
      await edge.send([crossingEvent(1, { ruleId: 'gate', capturedAtMs: Date.now() })]);
      expect(line.cuts()).toBe(1);
      await expect
        .poll(async () => (await collector.store.alarms({ limit: 9 }))[0]?.announcement?.state, {
          timeout: 20_000,
        })
        .toBe('played');
      expect(readdirSync(spoken)).toHaveLength(1);
    } finally {
      await edge.close();
      await collector.stop();
      line.close();
      await broker.remove();
      await postgres.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);

/** The way to the server. It can break between a commit that files an announcement and the answer. */
async function layLine(socket: string) {
  let isArmed = false;
  let cuts = 0;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(socket);
    let files = false;
    let isDeaf = false;
    for (const one of [near, far]) {
      open.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(one);
          near.destroy();
          far.destroy();
        });
    }
    near.on('data', (bytes) => {
      files ||= bytes.includes('insert into "announcement"');
      if (isArmed && files && bytes.includes('commit\0')) {
        isArmed = false;
        isDeaf = true;
        cuts += 1;
        setTimeout(() => near.destroy(), 300);
      }
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!isDeaf) near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    cuts: () => cuts,
    cutAtNextAlarm: () => {
      isArmed = true;
    },
    close: () => {
      for (const one of open) one.destroy();
      server.close();
    },
  };
}
