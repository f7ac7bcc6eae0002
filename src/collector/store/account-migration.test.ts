/** A centre of before: who had an account was the administrator of everything and stays it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, expect, test } from 'vitest';
import { createStore } from './create-store.ts';
import { migrations } from './migrations.ts';
import { sqliteDialect } from './sqlite-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'accounts-'));
const file = join(folder, 'centre.sqlite');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the first account becomes administrator of the whole centre and keeps its password', async () => {
  type Before = { account: { user_id: string; username: string; password_hash: string } };
  const before = new Kysely<Before>({ dialect: sqliteDialect(file) });
  const { error } = await new Migrator({ db: before, provider: migrations }).migrateTo(
    '004-console',
  );
  expect(error).toBeUndefined();
  const values = { user_id: 'u1', username: 'li', password_hash: 'hash' };
  await before.insertInto('account').values(values).execute();
  await before.destroy();

  const store = await createStore({ database: { kind: 'sqlite', file }, places: [] });
  expect(await store.userByName('li')).toEqual({
    userId: 'u1',
    username: 'li',
    passwordHash: 'hash',
    role: 'administrator',
    scope: { kind: 'all' },
    disabled: false,
    createdAtMs: 0,
  });
  await store.close();
});
