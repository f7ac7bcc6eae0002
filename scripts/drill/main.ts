/**
 * The restore drill: a centre is backed up while another process files events in it, everything is put back in an empty
 * place, and compared with what had been acknowledged before the backup began:
 *   npm run --silent drill -- [--database sqlite|postgres] [--before EVENTS]
 * The last line is JSON. Exit 0: nothing is missing or changed, events were filed meanwhile, and it took no more than 60 s.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backUp, restore } from '../../src/collector/backup/backup.ts';
import { createStore, type StoreSettings } from '../../src/collector/store/create-store.ts';
import { crossingEvent } from '../../src/testing/events.ts';
import { createTestPostgres, type TestPostgres } from '../../src/testing/postgres.ts';
import { createProgram, eventually } from '../harness/program.ts';

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: 'sqlite' },
    before: { type: 'string', default: '20000' },
  },
});
const mostSeconds = 60;

type Database = StoreSettings['database'];
type Made = Readonly<{
  database: (name: string) => Promise<Database>;
  remove: () => Promise<void>;
}>;

async function run(folder: string, made: Made) {
  const [centre, elsewhere] = [join(folder, 'centre'), join(folder, 'elsewhere')];
  const database = await made.database('centre');
  mkdirSync(join(centre, 'clips'), { recursive: true });
  writeFileSync(join(centre, 'clips', 'one.mp4'), 'clip');
  const { producer, filed, filedUntil } = produce(database);
  producer.start();
  try {
    if (!(await eventually(() => filed() >= Number(values.before), 300_000)))
      throw new Error(`only ${filed()} events could be filed`);
    const acknowledged = filed();
    const file = join(folder, 'backup.tar');
    const startedAt = performance.now();
    await backUp({ database, dataFolder: centre }, file, Date.now());
    const backedUpAt = performance.now();
    const filedMeanwhile = (await filedUntil(Date.now())) - acknowledged;
    const target = await made.database('elsewhere');
    await restore({ database: target, dataFolder: elsewhere }, file, Date.now());
    const restoredAt = performance.now();
    return {
      database: database.kind,
      ...{ acknowledged, filedMeanwhile },
      ...(await compared(target, acknowledged)),
      clip: statSync(join(elsewhere, 'clips', 'one.mp4')).size === 4,
      megabytes: Math.round(statSync(file).size / 1e5) / 10,
      backupSeconds: seconds(backedUpAt - startedAt),
      restoreSeconds: seconds(restoredAt - backedUpAt),
      seconds: seconds(restoredAt - startedAt),
    };
  } finally {
    await producer.end('SIGTERM');
  }
}

function produce(database: Database) {
  const filed: (readonly [number: number, atMs: number])[] = [[0, 0]];
  const producer = createProgram({
    name: 'producer',
    command: () => [process.execPath, 'scripts/drill/producer-process.ts'],
    environment: () => ({ DRILL_DATABASE: JSON.stringify(database) }),
    onLine: (line) => {
      const [number = 0, atMs = 0] = line.split(' ').map(Number);
      filed.push([number, atMs]);
    },
  });
  return {
    producer,
    filed: () => filed.at(-1)?.[0] ?? 0,
    /** What was printed while this process was busy is read first. */
    filedUntil: async (untilMs: number): Promise<number> => {
      await eventually(() => (filed.at(-1)?.[1] ?? 0) > untilMs, 30_000);
      return filed.findLast(([, atMs]) => atMs <= untilMs)?.[0] ?? 0;
    },
  };
}

const seconds = (ms: number): number => Math.round(ms / 10) / 100;

/** Each event that was acknowledged, and the alarm that it raised or joined. */
async function compared(database: Database, acknowledged: number) {
  const store = await createStore({ database, places: [] });
  try {
    const events = await store.events({ limit: 10_000_000 });
    const stored = new Map(events.map((event) => [event.sequence, JSON.stringify(event)]));
    const numbers = Array.from({ length: acknowledged }, (_, at) => at + 1);
    const alarms = await store.alarms({ limit: 10_000 });
    const told = alarms.reduce((sum, { repeats }) => sum + 1 + repeats, 0);
    return {
      missing: numbers.filter((number) => !stored.has(number)).length,
      changed: numbers.filter(
        (number) => stored.get(number) !== JSON.stringify(crossingEvent(number)),
      ).length,
      // All are of one rule and moment, so they make one alarm, which counts them.
      alarmsWhole: told === events.length,
    };
  } finally {
    await store.close();
  }
}

async function inPostgres(): Promise<Made> {
  const cluster: TestPostgres = await createTestPostgres();
  return { database: cluster.createDatabase, remove: cluster.remove };
}

const inFolder = (folder: string): Made => ({
  database: async (name) => ({ kind: 'sqlite', file: join(folder, name, 'collector.sqlite') }),
  remove: async () => undefined,
});

const folder = mkdtempSync(join(tmpdir(), 'drill-'));
let made: Made | undefined;
try {
  made = values.database === 'postgres' ? await inPostgres() : inFolder(folder);
  const result = await run(folder, made);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const isWhole = result.missing + result.changed === 0 && result.alarmsWhole && result.clip;
  const isWell = isWhole && result.filedMeanwhile > 0 && result.seconds <= mostSeconds;
  process.exitCode = isWell ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
} finally {
  await made?.remove();
  rmSync(folder, { recursive: true, force: true });
}
