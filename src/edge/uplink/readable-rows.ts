/** The rows of a damaged table that can still be read: where a page cannot be, reading goes on behind it. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

type Row = Readonly<Record<string, unknown>>;

/** As far as it is tried to leap over what cannot be read. */
const longestLeap = 2 ** 40;

/** Some may come twice. Never throws. */
export function* readableRows(database: DatabaseSync, table: string): Generator<Row> {
  const statements = prepare(database, table);
  if (statements === undefined) return;
  const { forward, backward } = statements;
  let read = -1;
  for (;;) {
    const ended = yield* untilFault(forward.iterate(read), (place) => {
      if (place <= read) return false;
      read = place;
      return true;
    });
    if (ended) return;
    const landing = landingBehind(forward, read);
    if (landing !== undefined) yield landing;
    const place = landing === undefined ? Number.MAX_SAFE_INTEGER : placeOf(landing);
    yield* untilFault(backward.iterate(place, read), (found) => found > read && found < place);
    if (landing === undefined) return;
    read = place;
  }
}

function prepare(database: DatabaseSync, table: string) {
  try {
    const select = `select rowid as place, * from "${table}" where rowid`;
    return {
      forward: database.prepare(`${select} > ? order by rowid`),
      backward: database.prepare(`${select} < ? and rowid > ? order by rowid desc`),
    };
  } catch {
    return undefined;
  }
}

/** True when there are no more rows; false when they cannot be read, or stand where they should not. */
function* untilFault(
  rows: Iterable<Row>,
  isRight: (place: number) => boolean,
): Generator<Row, boolean> {
  const iterator = rows[Symbol.iterator]();
  try {
    for (;;) {
      const next = iterator.next();
      if (next.done === true) return true;
      if (!isRight(placeOf(next.value))) return false;
      yield next.value;
    }
  } catch {
    return false;
  } finally {
    iterator.return?.();
  }
}

/** The first row that can be read some way behind; what was leapt over is read from there, backwards. */
function landingBehind(forward: StatementSync, read: number): Row | undefined {
  for (let leap = 1; leap <= longestLeap; leap *= 2) {
    try {
      const row = forward.get(read + leap);
      if (row === undefined) return undefined;
      if (placeOf(row) > read + leap) return row;
    } catch {
      // Still within what cannot be read.
    }
  }
  return undefined;
}

function placeOf(row: Row): number {
  return Number(row['place']);
}
