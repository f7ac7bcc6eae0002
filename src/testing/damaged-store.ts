/**
 * A centre's SQLite store as a killed centre leaves it, damaged in one way after another, and what must hold when it is
 * opened again: it starts, never with less than all in silence, and the damaged file is kept.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createStore } from '../collector/store/create-store.ts';
import { type Damage, damageSetting } from '../collector/store/damage.ts';
import type { Store } from '../collector/store/store.ts';
import { crossingEvent } from './events.ts';
import { type Below, type DamageManner, damageFile } from './file-damage.ts';

type DamagedStore = Readonly<{
  attempt: (manner: DamageManner, below: Below) => Promise<Attempt>;
}>;

type Attempt = Readonly<{
  /** In one sentence each what did not hold. */
  faults: readonly string[];
  /** What was said to be damaged, or why it did not start. */
  reason: string | undefined;
  missing: number;
  openedMs: number;
}>;

const nowMs = 1_800_000_000_000;
const suffixes = ['', '-wal', '-shm', '.mark'];

export async function createDamagedStore(folder: string, events: number): Promise<DamagedStore> {
  const sound = join(folder, 'sound-store');
  const foreign = join(folder, 'foreign-store');
  await leaveAsKilled(sound, events);
  await leaveAsKilled(foreign, events / 2);
  let attempts = 0;
  return {
    attempt: async (manner, below) => {
      attempts += 1;
      const place = join(folder, `store-attempt-${attempts}`);
      const file = join(place, 'collector.sqlite');
      copyAll(join(sound, 'killed.sqlite'), file);
      damageFile(file, manner, below, join(foreign, 'killed.sqlite-wal'));
      const attempt = await judged(file, events);
      rmSync(place, { recursive: true });
      return attempt;
    },
  };
}

/** The newest of it is only in the log. */
async function leaveAsKilled(folder: string, events: number): Promise<void> {
  mkdirSync(folder);
  const file = join(folder, 'collector.sqlite');
  const fileEvents = async (store: Store, from: number, to: number): Promise<void> => {
    const filed = Array.from({ length: to - from }, (_, at) => crossingEvent(from + at + 1));
    await store.fileEvents(filed, () => ({ kind: 'none' }), nowMs);
  };
  const first = await open(file);
  await fileEvents(first, 0, Math.floor(events / 2));
  await first.close();
  const store = await open(file);
  for (let from = Math.floor(events / 2); from < events; from += 10)
    await fileEvents(store, from, Math.min(events, from + 10));
  copyAll(file, join(folder, 'killed.sqlite'));
  await store.close();
}

function open(file: string): Promise<Store> {
  return createStore({ database: { kind: 'sqlite', file }, places: [] }, () => nowMs);
}

function copyAll(from: string, to: string): void {
  mkdirSync(join(to, '..'), { recursive: true });
  for (const suffix of suffixes)
    if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
}

async function judged(file: string, events: number): Promise<Attempt> {
  const damaged = readIf(file);
  const from = performance.now();
  const store = await open(file).catch((error: unknown) => String(error));
  const openedMs = performance.now() - from;
  // A register of migrations that reads like a newer program's must not be thrown away.
  if (typeof store === 'string') {
    const isOfMigrations = store.includes('migration') || store.includes('newer');
    const faults = isOfMigrations ? [] : [`the centre did not start: ${store}`];
    return { faults, reason: store, missing: 0, openedMs };
  }
  const note = await store.setting(damageSetting);
  const damage = note === undefined ? undefined : (JSON.parse(note) as Damage);
  const missing = events - (await store.events({ limit: 10_000 })).length;
  await store.close();
  const faults: string[] = [];
  if (missing > 0 && damage === undefined) faults.push(`${missing} events are missing in silence`);
  if (missing < 0) faults.push(`${-missing} events came from nowhere`);
  const kept = damage === undefined ? undefined : readIf(damage.setAside);
  const isKept =
    damaged === undefined || kept?.equals(damaged) || existsSync(`${damage?.setAside}-wal`);
  if (damage !== undefined && !isKept) faults.push('the damaged file was not kept as it was');
  return { faults, reason: damage?.reason, missing, openedMs };
}

function readIf(file: string): Buffer | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}
