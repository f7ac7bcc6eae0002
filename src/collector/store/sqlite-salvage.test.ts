/** Damaged database files, each damaged in its own way: the centre starts, says so, and keeps what can be read. */
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDamagedStore } from '../../testing/damaged-store.ts';
import { crossingEvent } from '../../testing/events.ts';
import { damageManners } from '../../testing/file-damage.ts';
import { createStore } from './create-store.ts';
import { type Damage, damageSetting } from './damage.ts';
import type { Store } from './store.ts';
import { keepStoreMark, readStoreMark, storeMarkOf } from './store-mark.ts';

const events = 300;
const nowMs = 1_800_000_000_000;
let folder: string;
let sound: string;

const open = (file: string): Promise<Store> =>
  createStore({ database: { kind: 'sqlite', file }, places: [] }, () => nowMs);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'salvage-'));
  sound = join(folder, 'sound.sqlite');
  const store = await open(sound);
  await store.createUser({
    userId: 'u-1',
    username: '值班员',
    passwordHash: 'hash',
    role: 'administrator',
    scope: { kind: 'all' },
    disabled: false,
    createdAtMs: nowMs,
  });
  const filed = Array.from({ length: events }, (_, at) => crossingEvent(at + 1));
  await store.fileEvents(filed, () => ({ kind: 'none' }), nowMs);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function reopened(name: string, bytes: Uint8Array) {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const store = await open(file);
  const note = await store.setting(damageSetting);
  const found = {
    damage: note === undefined ? undefined : (JSON.parse(note) as Damage),
    events: (await store.events({ limit: 1000 })).length,
    user: (await store.userByName('值班员'))?.userId,
  };
  await store.close();
  return found;
}

test('a sound file is left as it is', async () => {
  expect(await reopened('left.sqlite', readFileSync(sound))).toMatchObject({
    damage: undefined,
    events,
    user: 'u-1',
  });
});

/** Pages of other kinds may hold remains of what once stood there. */
function tablePageWith(bytes: Buffer, text: string): number {
  const [pageSize, tableLeaf] = [4096, 13];
  let page = 0;
  do {
    const found = bytes.indexOf(text, page + pageSize);
    page = Math.floor(found / pageSize) * pageSize;
  } while (page > 0 && bytes[page] !== tableLeaf);
  return page;
}

test('a page of events overwritten: the rest, and the accounts, are carried over, and it is told', async () => {
  const bytes = readFileSync(sound);
  // The page that holds an event of the middle.
  const page = tablePageWith(bytes, `"sequence":${events / 2},`);
  expect(page).toBeGreaterThan(0);
  bytes.fill(0xa5, page, page + 4096);
  const found = await reopened('page.sqlite', bytes);
  expect(found.damage).toMatchObject({ atMs: nowMs, reason: expect.any(String) });
  expect(found.user).toBe('u-1');
  expect(found.events).toBeGreaterThan(events / 2);
  expect(found.events).toBeLessThan(events);
  expect(found.damage?.kept['event']).toBe(found.events);
});

test.each([
  ['its head', (bytes: Buffer) => bytes.fill(0, 0, 100)],
  ['all of it', (bytes: Buffer) => bytes.fill(0x5a)],
  ['its end', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 3))],
])(
  'damage to %s: the centre starts, and the damaged file is kept unchanged',
  async (what, damage) => {
    const bytes = Buffer.from(damage(readFileSync(sound)));
    const name = `${what.replaceAll(' ', '-')}.sqlite`;
    const { damage: told } = await reopened(name, bytes);
    expect(told?.setAside).toContain(`${name}.damaged-2027-01-15T08-00-00.000Z`);
    expect(readFileSync(told?.setAside ?? '').equals(bytes)).toBe(true);
  },
);

test('however file and log were damaged it starts, never with less than all in silence, or says why not', async () => {
  const store = await createDamagedStore(folder, 120);
  let state = 7;
  const below = (limit: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * limit);
  };
  for (const manner of [...damageManners, ...damageManners])
    expect((await store.attempt(manner, below)).faults, manner).toEqual([]);
});

test('a log that was cut short: what is there stays, what is missing is told once, the log is kept', async () => {
  const file = join(folder, 'behind.sqlite');
  const store = await open(file);
  await store.fileEvents([crossingEvent(1)], () => ({ kind: 'none' }), nowMs);
  await store.close();
  const { identity, writes } = readStoreMark(storeMarkOf(file)) ?? { identity: '', writes: 0 };
  keepStoreMark(storeMarkOf(file), { identity, writes: writes + 3 }).close();
  const behind = await open(file);
  const damage = JSON.parse((await behind.setting(damageSetting)) ?? '{}') as Damage;
  expect(damage).toMatchObject({ reason: 'the newest 3 writes are gone', kept: { event: 1 } });
  expect(await behind.events({ limit: 10 })).toHaveLength(1);
  await behind.changeSetting(damageSetting, undefined);
  await behind.close();
  const again = await open(file);
  expect(await again.setting(damageSetting)).toBeUndefined();
  await again.close();
});

test('a centre that dies while it mends goes on where it was', async () => {
  const file = join(folder, 'cut-short.sqlite');
  const bytes = readFileSync(sound);
  bytes.fill(0x5a, 0, 100);
  const { damage } = await reopened('cut-short.sqlite', bytes);
  const setAside = damage?.setAside ?? '';
  // As it stood when the damaged one was away and the new one not yet in its place.
  renameSync(file, `${file}.new`);
  const store = await open(file);
  expect(JSON.parse((await store.setting(damageSetting)) ?? '{}')).toEqual(damage);
  await store.close();
  expect(readFileSync(setAside).equals(bytes)).toBe(true);
});

test('a file that cannot be opened for another reason is not set aside', async () => {
  const file = join(folder, 'is-a-folder.sqlite');
  copyFileSync(sound, join(folder, 'x'));
  await expect(open(join(folder, 'x', 'under-a-file.sqlite'))).rejects.toThrow('cannot be used');
  expect(readdirSync(folder)).not.toContain(`${file}.damaged`);
});
