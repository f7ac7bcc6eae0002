/** The restore drill: a backup while events are filed, everything else thrown away, and the centre put back from it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import { createTestPostgres, postgresPrograms, type TestPostgres } from '../../testing/postgres.ts';
import { createStore, type StoreSettings } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { backUp, restore } from './backup.ts';

const nowMs = 1_800_000_000_000;
let folder = '';
let postgres: TestPostgres | undefined;
beforeAll(async () => {
  if (postgresPrograms() !== undefined) postgres = await createTestPostgres();
});
afterAll(() => postgres?.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const places: Readonly<Record<string, (name: string) => Promise<StoreSettings['database']>>> = {
  sqlite: async (name) => ({ kind: 'sqlite', file: join(folder, name, 'collector.sqlite') }),
  postgres: async (name) => {
    if (postgres === undefined) throw new Error('PostgreSQL is not installed');
    return postgres.createDatabase(`${name}-${Date.now()}`);
  },
};

describe.each(['sqlite', 'postgres'])('a centre on %s', (kind) => {
  test.skipIf(kind === 'postgres' && postgresPrograms() === undefined)(
    'is put back from a backup that was made while it worked, with everything acknowledged before it began',
    async () => {
      const dataFolder = join(folder, 'centre');
      const database = (await places[kind]?.('centre')) as StoreSettings['database'];
      const store = await createStore({ database, places: [] });
      mkdirSync(join(dataFolder, 'clips'), { recursive: true });
      writeFileSync(join(dataFolder, 'clips', 'one.mp4'), 'clip');
      writeFileSync(join(dataFolder, 'export-key.pem'), 'key', { mode: 0o600 });
      const load = fileEvents(store);
      await expect.poll(load.filed).toBeGreaterThan(200);
      const before = load.filed();
      await backUp({ database, dataFolder }, join(folder, 'backup.tar'), nowMs);
      expect(statSync(join(folder, 'backup.tar')).mode & 0o777).toBe(0o600);
      await load.stop();
      expect(load.filed()).toBeGreaterThan(before);
      const running = restore({ database, dataFolder }, join(folder, 'backup.tar'), nowMs);
      await expect(running).rejects.toThrow(/the centre is running on .*; stop it/);
      await store.close();

      const elsewhere = join(folder, 'elsewhere');
      const target = (await places[kind]?.('elsewhere')) as StoreSettings['database'];
      const place = { database: target, dataFolder: elsewhere };
      await restore(place, join(folder, 'backup.tar'), nowMs);
      const restored = await createStore({ database: target, places: [] });
      const events = await restored.events({ limit: 100_000 });
      const sequences = new Set(events.map(({ sequence }) => sequence));
      await restored.close();
      const missing = Array.from({ length: before }, (_, at) => at + 1).filter(
        (sequence) => !sequences.has(sequence),
      );
      expect(missing).toEqual([]);
      expect(readFileSync(join(elsewhere, 'clips', 'one.mp4'), 'utf8')).toBe('clip');
      expect(readFileSync(join(elsewhere, 'export-key.pem'), 'utf8')).toBe('key');
      expect(statSync(join(elsewhere, 'export-key.pem')).mode & 0o777).toBe(0o600);
    },
  );
});

test('a backup that was changed or cut short is refused, and nothing is touched', async () => {
  const database = { kind: 'sqlite', file: join(folder, 'collector.sqlite') } as const;
  const place = { database, dataFolder: folder };
  const store = await createStore({ database, places: [] });
  await store.changeSetting('name', 'kept');
  const file = join(folder, 'backup.tar');
  await backUp(place, file, nowMs);
  await store.close();
  const bytes = readFileSync(file);
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(bytes.indexOf('kept')) ^ 1, bytes.indexOf('kept'));
  for (const broken of [changed, bytes.subarray(0, bytes.length / 2)]) {
    writeFileSync(file, broken);
    await expect(restore(place, file, nowMs)).rejects.toThrow(/has been changed|no whole backup/);
  }
  const again = await createStore({ database, places: [] });
  expect(await again.setting('name')).toBe('kept');
  await again.close();
});

/** Files events one batch after the other until it is stopped. */
function fileEvents(store: Store) {
  let filed = 0;
  let isGoing = true;
  const done = (async () => {
    while (isGoing) {
      const batch = Array.from({ length: 20 }, (_, at) => crossingEvent(filed + at + 1));
      await store.fileEvents(batch, () => ({ kind: 'none' }), nowMs);
      filed += batch.length;
      await new Promise(setImmediate);
    }
  })();
  return {
    filed: () => filed,
    stop: async () => {
      isGoing = false;
      await done;
    },
  };
}
