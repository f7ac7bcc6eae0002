/**
 * Which of an edge's sequence numbers have come. Up to the mark every number is accounted for; above it the holes are
 * found in the events themselves, so that nothing has to be written for each event. Settled are the numbers that will
 * never come.
 */
import type { SequenceRange } from '../../contract/edge-report.ts';
import type { Connection, Database } from './tables.ts';

export type SequenceStore = Readonly<{
  /** Numbers of the edge that have not come though higher ones have, and since when; numbers that are settled are none. */
  sequenceHoles: (edgeId: string) => Promise<readonly Hole[]>;
  /** These will never come. */
  settleSequences: (edgeId: string, ranges: readonly SequenceRange[]) => Promise<void>;
  /** Those of the numbers that the edge gave to more than one event. */
  repeatedSequences: (edgeId: string, sequences: readonly number[]) => Promise<readonly number[]>;
  /** 0 when there is none. */
  highestSequence: (edgeId: string) => Promise<number>;
}>;

type Hole = SequenceRange & Readonly<{ sinceMs: number }>;

/** Events that are looked at in one go. */
const stride = 5000;

/** What the collector says about the edge in the edge's name has no number of its own. */
const madeHere = ['events-lost', 'sequence-repeated'];

export function createSequenceStore(database: Database): SequenceStore {
  return {
    sequenceHoles: (edgeId) =>
      database.transaction().execute((connection) => holesOf(connection, edgeId)),
    settleSequences: async (edgeId, ranges) => {
      if (ranges.length === 0) return;
      await database
        .insertInto('sequence_settled')
        .values(ranges.map(({ first, last }) => ({ edge_id: edgeId, first, last })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    repeatedSequences: async (edgeId, sequences) => {
      const rows = await database
        .selectFrom('event')
        .select('sequence')
        .where('edge_id', '=', edgeId)
        .where('sequence', 'in', [...sequences])
        .where('kind', 'not in', madeHere)
        .groupBy('sequence')
        .having(({ fn }) => fn.countAll(), '>', 1)
        .orderBy('sequence')
        .execute();
      return rows.map(({ sequence }) => Number(sequence));
    },
    highestSequence: async (edgeId) => {
      const row = await database
        .selectFrom('event')
        .select('sequence')
        .where('edge_id', '=', edgeId)
        .where('kind', 'not in', madeHere)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      // Events that were deleted for their age had their numbers too.
      return Math.max(Number(row?.sequence ?? 0), await markOf(database, edgeId));
    },
  };
}

async function holesOf(connection: Connection, edgeId: string): Promise<readonly Hole[]> {
  const mark = await markOf(connection, edgeId);
  const rows = await connection
    .selectFrom('event')
    .select(['sequence', 'received_at_ms'])
    .where('edge_id', '=', edgeId)
    .where('sequence', '>', mark)
    .where('kind', 'not in', madeHere)
    .orderBy('sequence')
    .limit(stride)
    .execute();
  // Beyond the last event of a full stride nothing is known yet.
  const reach = rows.length < stride ? Number.MAX_SAFE_INTEGER : Number(rows.at(-1)?.sequence);
  const settled = await connection
    .selectFrom('sequence_settled')
    .select(['first', 'last'])
    .where('edge_id', '=', edgeId)
    .where('last', '>', mark)
    .where('first', '<=', reach)
    .orderBy('first')
    .execute();
  const there = [
    ...rows.map(({ sequence, received_at_ms }) => ({
      first: Number(sequence),
      last: Number(sequence),
      atMs: Number(received_at_ms),
    })),
    ...settled.map(({ first, last }) => ({ first: Number(first), last: Number(last), atMs: 0 })),
  ].sort((a, b) => a.first - b.first);
  const { holes, accounted } = walk(there, mark);
  if (accounted > mark) await moveMark(connection, edgeId, accounted);
  return holes;
}

/** A hole has been there since the first event above it came. */
function walk(
  there: readonly (SequenceRange & Readonly<{ atMs: number }>)[],
  mark: number,
): Readonly<{ holes: readonly Hole[]; accounted: number }> {
  const holes: { first: number; last: number; sinceMs: number }[] = [];
  let reached = mark;
  let accounted: number | undefined;
  for (const { first, last, atMs } of there) {
    if (first > reached + 1) {
      accounted ??= reached;
      holes.push({ first: reached + 1, last: first - 1, sinceMs: atMs });
    }
    reached = Math.max(reached, last);
  }
  return { holes, accounted: accounted ?? reached };
}

async function markOf(connection: Connection, edgeId: string): Promise<number> {
  const row = await connection
    .selectFrom('sequence_mark')
    .select('accounted')
    .where('edge_id', '=', edgeId)
    .executeTakeFirst();
  return Number(row?.accounted ?? 0);
}

async function moveMark(connection: Connection, edgeId: string, accounted: number): Promise<void> {
  await connection
    .insertInto('sequence_mark')
    .values({ edge_id: edgeId, accounted })
    .onConflict((conflict) => conflict.column('edge_id').doUpdateSet({ accounted }))
    .execute();
  await connection
    .deleteFrom('sequence_settled')
    .where('edge_id', '=', edgeId)
    .where('last', '<=', accounted)
    .execute();
}
