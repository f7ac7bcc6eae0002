/** The register after its oldest rows have gone: verifiable from where it begins, and not to be cut by anybody else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseIn, handOn } from '../../testing/store-database.ts';
import { createStore } from './create-store.ts';
import type { Store } from './store.ts';

const day = 86_400_000;
const nowMs = 1_800_000_000_000;
let folder = '';
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'register-pruning-'));
  store = await createStore({ database: await databaseIn(folder), places: [] });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function write(...agesInDays: readonly number[]): Promise<void> {
  const facts = { actor: 'li', address: '', action: 'access', outcome: 'done' } as const;
  for (const age of agesInDays) await store.record({ ...facts, atMs: nowMs - age * day });
}
const prune = (olderThanDays: number) =>
  store.pruneRegister({ beforeMs: nowMs - olderThanDays * day, nowMs });
const numbers = async () =>
  (await store.auditRows({ limit: 100 })).map(({ number }) => number).reverse();

describe('the oldest rows', () => {
  test('go, a row says so, and what stays is verified and goes on', async () => {
    await write(9, 8, 7, 3, 2);
    expect(await prune(5)).toBe(3);
    expect(await numbers()).toEqual([4, 5, 6]);
    const [note] = await store.auditRows({ action: 'register-pruned', limit: 5 });
    expect(JSON.parse(note?.detail ?? '')).toMatchObject({ rows: 3, lastNumber: 3 });
    expect(await store.verifyAudit()).toEqual({ ok: true, rows: 3 });
    await write(0);
    expect(await prune(1)).toBe(2);
    await write(0);
    expect(await numbers()).toEqual([6, 7, 8, 9]);
    expect(await store.verifyAudit()).toEqual({ ok: true, rows: 4 });
    expect(await prune(1)).toBe(0);
  });

  test('stay behind one that is not yet due, and the newest of all stays in any case', async () => {
    await write(9, 1, 9);
    expect(await prune(5)).toBe(1);
    expect(await numbers()).toEqual([2, 3, 4]);
    await prune(-10);
    expect(await store.verifyAudit()).toMatchObject({ ok: true });
    expect((await numbers()).length).toBeGreaterThanOrEqual(2);
  });

  test('are not cut every hour for a row or two: only what is a day past its time is reason enough', async () => {
    await write(5.5, 3);
    expect(await prune(5)).toBe(0);
  });
});

describe('whoever removes rows by hand is found', () => {
  const anchor = (number: number, hash: string) =>
    `insert into setting (name, value) values ('audit-anchor', '{"number":${number},"hash":"${hash}"}') on conflict (name) do update set value = excluded.value`;

  test.each([
    ['the first row that stayed', 'delete from audit where number = 4'],
    ['the row that says what went', "delete from audit where action = 'register-pruned'"],
    ['where the register begins', "delete from setting where name = 'audit-anchor'"],
    ['a word of what went', "update audit set detail = '{}' where action = 'register-pruned'"],
  ])('%s', async (_, statement) => {
    await write(9, 8, 7, 3, 2);
    await prune(5);
    const hand = await handOn(folder);
    await hand.run(statement);
    await hand.close();
    expect(await store.verifyAudit()).toMatchObject({ ok: false });
  });

  test('also with another beginning that fits the rows', async () => {
    await write(9, 8, 7, 3, 2);
    const hand = await handOn(folder);
    // The hash is the right one: only the note is missing that the centre would have written.
    await hand.run(
      `${anchor(2, 'x')}; update setting set value = replace(value, '"x"', '"' || (select hash from audit where number = 2) || '"') where name = 'audit-anchor'; delete from audit where number <= 2`,
    );
    await hand.close();
    expect(await store.verifyAudit()).toMatchObject({
      ok: false,
      broken: { number: 2, reason: 'rows before this one are gone, and no row says so' },
    });
  });
});
