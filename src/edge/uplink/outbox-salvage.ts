/**
 * A damaged outbox neither keeps the box from starting nor is passed over in silence: what can be read is carried over into
 * a new one, its numbers go on, and the damaged one is set aside as it is. The damage is written into the new one, to be told
 * to the centre. Until the new one is whole nothing is moved, so that this may be cut short at any moment.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { carryOver } from './outbox-carrying.ts';
import { damageIn, damageOf } from './outbox-check.ts';
import { OutboxError, openOutboxDatabase } from './outbox-database.ts';
import { highestOf, markFileOf, readMark, type SequenceMark } from './sequence-mark.ts';

export type OutboxDamage = Readonly<{
  reason: string;
  /** Where the damaged file stands now; absent when there was none. */
  setAside?: string;
  /** Events carried over that the centre has not acknowledged. */
  kept: number;
  /** No event of the damaged one has a higher number. */
  lastSequence: number;
  /**
   * When nothing had ever been delivered: how many at most of the numbers up to the last are gone. Otherwise the centre finds
   * that out by itself; before the first number that it knows of a box it cannot tell what was for another centre.
   */
  missing?: number;
}>;

type Parts = Readonly<{ file: string; edgeId: string; maxBytes: number; makeRoom: () => boolean }>;

/** The note in the outbox that holds the damage as JSON until it has been told. */
export const damageNote = 'damage';

/** Damaged files that are kept, the newest. */
const mostSetAside = 2;
const suffixes = ['-wal', '-shm', ''];

/** Puts a sound outbox in the place of a damaged one. Undefined: it is sound, or there is none. Throws OutboxError. */
function mendOutbox(parts: Parts, known?: string): OutboxDamage | undefined {
  const { file, makeRoom } = parts;
  try {
    if (existsSync(whole(file))) return swap(file);
    const mark = readMark(markFileOf(file));
    const reason = known ?? damageOf(file, mark);
    if (reason === undefined) return undefined;
    const damage = { reason, ...forgetOldest(file) };
    try {
      build(parts, damage, mark);
    } catch (cause) {
      if (!makeRoom()) throw cause;
      build(parts, damage, mark);
    }
    return swap(file);
  } catch (cause) {
    throw cause instanceof OutboxError ? cause : new OutboxError(file, cause);
  }
}

/** In the making, and made. */
const part = (file: string): string => `${file}.part`;
const whole = (file: string): string => `${file}.new`;

function build(
  { file, edgeId, maxBytes }: Parts,
  damage: Pick<OutboxDamage, 'reason' | 'setAside'>,
  mark: SequenceMark | undefined,
): void {
  rmSync(part(file), { force: true });
  // What is carried over was within the limit, and its pages may be fuller or emptier than they were.
  const { database, transact } = openOutboxDatabase(part(file), 2 * maxBytes, () => false);
  try {
    // Either it becomes whole or it is thrown away.
    database.exec('pragma journal_mode = off; pragma synchronous = off');
    transact(() => {
      const { kept, lastSequence } = carryOver(file, database, { edgeId, mark });
      const given = mark === undefined ? 0 : highestOf(mark);
      const highest = Math.max(lastSequence, given);
      const missing = mark?.hasDelivered === false ? highest - numbersThere(database) : 0;
      const told: OutboxDamage = {
        ...{ ...damage, kept, lastSequence: highest },
        ...(missing > 0 ? { missing } : {}),
      };
      const count = database.prepare('insert or replace into counter (name, value) values (?, ?)');
      count.run('sequence', told.lastSequence);
      if (mark !== undefined) count.run('identity', mark.identity);
      database.prepare('insert into note values (?, ?)').run(damageNote, JSON.stringify(told));
    });
  } finally {
    database.close();
  }
  settle(part(file));
  renameSync(part(file), whole(file));
  settle(dirname(file));
}

/** Carried over, or let go before and counted then. */
function numbersThere(database: DatabaseSync): number {
  const found = database
    .prepare(
      `select (select count(*) from outbox) +
         (select coalesce(sum(last - first + 1), 0) from dropped) as there`,
    )
    .get();
  return Number(found?.['there']);
}

/** Sets the damaged one aside and puts the new one in its place; goes on where it was cut short. */
function swap(file: string): OutboxDamage {
  const damage = noted(whole(file));
  for (const suffix of suffixes) {
    if (damage.setAside === undefined || !existsSync(file + suffix)) continue;
    if (!existsSync(damage.setAside + suffix)) renameSync(file + suffix, damage.setAside + suffix);
  }
  renameSync(whole(file), file);
  settle(dirname(file));
  return damage;
}

function noted(file: string): OutboxDamage {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare('select value from note where name = ?').get(damageNote);
    return JSON.parse(String(row?.['value'])) as OutboxDamage;
  } finally {
    database.close();
  }
}

/** Makes room for one more that is set aside, and names it. */
function forgetOldest(file: string): Pick<OutboxDamage, 'setAside'> {
  const prefix = `${basename(file)}.damaged-`;
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(prefix));
  const numbers = [...new Set(names.map((name) => Number.parseInt(name.slice(prefix.length), 10)))]
    .filter(Number.isFinite)
    .sort((a, b) => b - a);
  for (const number of numbers.slice(mostSetAside - 1)) {
    for (const suffix of suffixes)
      rmSync(join(dirname(file), `${prefix}${number}${suffix}`), { force: true });
  }
  if (!suffixes.some((suffix) => existsSync(file + suffix))) return {};
  return { setAside: join(dirname(file), `${prefix}${(numbers[0] ?? 0) + 1}`) };
}

function settle(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Opens it; what shows its damage only then is mended too. Throws OutboxError. */
export function openMended<Opened>(
  parts: Parts,
  open: () => Opened,
): Readonly<{ opened: Opened; damage: OutboxDamage | undefined }> {
  const damage = mendOutbox(parts);
  try {
    return { opened: open(), damage };
  } catch (cause) {
    const reason = damageIn(cause instanceof OutboxError ? cause.cause : cause);
    if (reason === undefined) throw cause;
    return { damage: mendOutbox(parts, reason), opened: open() };
  }
}
