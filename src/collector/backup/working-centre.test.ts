/** Backups of centres at work: rows and clips that go meanwhile, clips on another disk, and files of more than two gigabytes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestPostgres, postgresPrograms } from '../../testing/postgres.ts';
import { childEnd } from '../../testing/processes.ts';
import { createStore } from '../store/create-store.ts';
import { pack } from './archive.ts';
import { backUp, restore } from './backup.ts';

const nowMs = 1_800_000_000_000;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'working-centre-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Gives clips their final names, and takes them back, as fast as it can; says `going` once it does. */
const renaming = `
  const { renameSync, writeFileSync } = require('node:fs');
  const [folder] = process.argv.slice(1);
  const name = (at, ending) => folder + '/' + at + ending;
  for (let at = 0; at < 500; at += 1) writeFileSync(name(at, '.part'), 'clip');
  process.stdout.write('going');
  for (;;) for (const [from, to] of [['.part', '.mp4'], ['.mp4', '.part']])
    for (let at = 0; at < 500; at += 1) renameSync(name(at, from), name(at, to));
`;

async function centre() {
  const dataFolder = join(folder, 'data');
  const database = { kind: 'sqlite', file: join(dataFolder, 'collector.sqlite') } as const;
  await (await createStore({ database, places: [] })).close();
  return { dataFolder, database };
}

test('clips that get their names or go while a backup is made do not stop it', async () => {
  const place = await centre();
  const clips = join(place.dataFolder, 'clips');
  mkdirSync(clips);
  writeFileSync(join(clips, 'whole.mp4'), 'clip');
  const others = spawn(process.execPath, ['-e', renaming, clips], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(others.stdout, 'data');
    await backUp(place, join(folder, 'backup.tar'), nowMs);
  } finally {
    await childEnd(others, 'SIGKILL');
  }
  const elsewhere = join(folder, 'elsewhere');
  const database = { kind: 'sqlite', file: join(elsewhere, 'collector.sqlite') } as const;
  await restore({ database, dataFolder: elsewhere }, join(folder, 'backup.tar'), nowMs);
  expect(readFileSync(join(elsewhere, 'clips', 'whole.mp4'), 'utf8')).toBe('clip');
});

test('clips on another disk, to which the data folder has a link, are in the backup', async () => {
  const place = await centre();
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  writeFileSync(join(disk, 'one.mp4'), 'clip');
  symlinkSync(disk, join(place.dataFolder, 'clips'));
  await backUp(place, join(folder, 'backup.tar'), nowMs);
  rmSync(disk, { recursive: true });
  rmSync(place.dataFolder, { recursive: true });
  await restore(place, join(folder, 'backup.tar'), nowMs);
  expect(existsSync(join(place.dataFolder, 'clips', 'one.mp4'))).toBe(true);
});

test('a database of more than two gigabytes is packed', () => {
  const from = join(folder, 'from');
  mkdirSync(from);
  writeFileSync(join(from, 'database'), 'begin');
  truncateSync(join(from, 'database'), 2 ** 31 + 1);
  const facts = { format: 1, kind: 'sqlite', atMs: nowMs, rows: {} } as const;
  const { sha256 } = pack(from, join(folder, 'backup.tar'), facts);
  expect(Object.keys(sha256)).toEqual(['database']);
}, 120_000);

test.skipIf(postgresPrograms() === undefined)(
  'a backup of a server on which rows go meanwhile can be put back',
  async () => {
    const postgres = await createTestPostgres();
    try {
      const database = await postgres.createDatabase('centre');
      const store = await createStore({ database, places: [] });
      const { kind: _, ...place } = database;
      const hand = new pg.Client(place);
      hand.on('error', () => undefined);
      await hand.connect();
      await hand.query(`insert into webhook_delivery
        (delivery_id, webhook_id, subject, body, created_at_ms, due_at_ms, attempts)
        select 'd' || n, 'w', 's', '{}', 0, 0, 0 from generate_series(1, 50000) as n`);
      // Goes on by itself while this process waits for the programs of the backup.
      const sending = hand
        .query(`do $$ begin loop
          delete from webhook_delivery where number = (select min(number) from webhook_delivery);
          commit;
          perform pg_sleep(0.001);
        end loop; end $$`)
        .catch(() => undefined);
      await backUp({ database, dataFolder: folder }, join(folder, 'backup.tar'), nowMs);
      await store.close();
      await postgres.kill();
      await sending;
      await postgres.start();
      const target = await postgres.createDatabase('elsewhere');
      const elsewhere = { database: target, dataFolder: join(folder, 'elsewhere') };
      await restore(elsewhere, join(folder, 'backup.tar'), nowMs);
    } finally {
      await postgres.remove();
    }
  },
  60_000,
);
