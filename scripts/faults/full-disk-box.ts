/**
 * A box whose disk somebody else fills, outbox and clips on it: first all but the ballast, then that as well and the centre
 * does not answer, then there is room again. Every event is either at the centre or counted as dropped, and it was said.
 */
import { appendFileSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { RuleEvent } from '../../src/contract/rule-event.ts';
import { eventually } from '../harness/program.ts';
import { type FaultBox, startFaultBox } from './fault-box.ts';
import { rulesEverywhere } from './rules-everywhere.ts';

export type FullDiskFigures = Readonly<{
  seconds: number;
  isAlive: boolean;
  /** From the filling to the centre's knowing that the disk is full, and from the room to its knowing that it is not. */
  toldSeconds: number;
  takenBackSeconds: number;
  /** Events, and of them those at the centre, those counted as dropped, and those that are both. */
  produced: number;
  stored: number;
  counted: number;
  /** Let go while they were on their way to a centre that did not answer: it read them when it went on. */
  both: number;
  /** Events that the outbox could not take, and those of them that were lost while it still had its ballast. */
  refused: number;
  lostWithBallast: number;
  integrity: string;
}>;

const patienceMs = 60_000;
export async function fullDiskBox(seconds: number, cameras = 2): Promise<FullDiskFigures> {
  let refused = 0;
  const box = await startFaultBox(cameras, [], {
    rules: rulesEverywhere,
    dataDisk: '64m',
    outbox: { maxBytes: 8 * 1024 ** 2, ballastBytes: 1024 ** 2 },
    clips: { preRollSeconds: 1, postRollSeconds: 1 },
    onLine: (line) => {
      if (line.includes('event could not be kept')) refused += 1;
    },
  });
  try {
    const filledMs = performance.now();
    fill(box);
    await eventually(() => storageFault(box) !== null, patienceMs);
    const toldSeconds = since(filledMs);
    await wait(seconds * 500);
    const lostWithBallast = refused + droppedOf(box).alarms;
    box.collector.halt();
    fill(box);
    await wait(seconds * 500);
    box.collector.goOn();
    const roomMs = performance.now();
    rmSync(fillerOf(box));
    await eventually(() => storageFault(box) === null, patienceMs);
    const takenBackSeconds = since(roomMs);
    // No more pictures: what was produced is all there is.
    for (const { program } of box.cameras) program.halt();
    let account = accountOf(box, refused);
    await eventually(() => {
      account = accountOf(box, refused);
      return account.produced === explained(account);
    }, patienceMs);
    const isAlive = box.edge.ended() === undefined;
    const integrity = integrityOf(box);
    for (const { program } of box.cameras) program.goOn();
    return {
      ...{ seconds, isAlive, toldSeconds, takenBackSeconds },
      ...{ ...account, refused, lostWithBallast, integrity },
    };
  } finally {
    await box.stop();
  }
}

export function fullDiskFaults(figures: FullDiskFigures): readonly string[] {
  const { produced, lostWithBallast } = figures;
  const wrong: readonly (readonly [boolean, string])[] = [
    [!figures.isAlive, 'it ended'],
    [!(figures.toldSeconds < 30), 'the centre was not told of it within 30 s'],
    [!(figures.takenBackSeconds < 30), 'the centre was not told within 30 s that it is over'],
    [produced === 0, 'nothing was produced'],
    [
      produced !== explained(figures),
      `of ${produced} events ${explained(figures)} are explained: ${figures.stored} are there, ${figures.counted} were counted as dropped, ${figures.both} of them are both`,
    ],
    [lostWithBallast > 0, `${lostWithBallast} events were lost while there was ballast`],
    [figures.integrity !== 'ok', `the outbox is damaged: ${figures.integrity}`],
  ];
  return wrong.flatMap(([is, sentence]) => (is ? [`full disk: ${sentence}`] : []));
}

const fillerOf = ({ edge }: FaultBox): string => join(edge.dataFolder, 'filler');

function fill(box: FaultBox): void {
  for (const bytes of [1024 ** 2, 4096]) {
    try {
      for (;;) appendFileSync(fillerOf(box), Buffer.alloc(bytes));
    } catch {
      // Full, as it should be.
    }
  }
}

function since(fromMs: number): number {
  return Number(((performance.now() - fromMs) / 1000).toFixed(1));
}

function read<Result>(file: string, work: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

function storageFault({ databaseFile }: FaultBox): unknown {
  return read(databaseFile, (database) => {
    const row = database.prepare('select storage_fault from edge').get();
    return row === undefined ? null : row['storage_fault'];
  });
}

/** A copy of it: SQLite itself finds no way to a disk that only the box has mounted. */
function readOutbox<Result>({ edge }: FaultBox, work: (database: DatabaseSync) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'haoguanjia-outbox-'));
  try {
    for (const name of ['outbox.sqlite', 'outbox.sqlite-wal'])
      copyFileSync(join(edge.dataFolder, name), join(folder, name));
    return read(join(folder, 'outbox.sqlite'), work);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By number, and those that had none yet; snapshots and clips are no events. */
function droppedOf({ databaseFile }: FaultBox) {
  return read(databaseFile, (database) => {
    const rows = database.prepare("select body from event where kind = 'events-dropped'").all();
    const told = rows.map(({ body }) => JSON.parse(String(body)) as RuleEvent);
    const sum = (isMeant: (one: Extract<RuleEvent, { kind: 'events-dropped' }>) => boolean) =>
      told.reduce(
        (all, one) => all + (one.kind === 'events-dropped' && isMeant(one) ? one.count : 0),
        0,
      );
    const ofEvents = sum(({ dropClass }) => dropClass === 'alarm' || dropClass === 'notice');
    return { ofEvents, alarms: sum(({ dropClass }) => dropClass === 'alarm') };
  });
}

function accountOf(box: FaultBox, refused: number) {
  const numbered = readOutbox(box, (database) =>
    Number(database.prepare("select value from counter where name = 'sequence'").get()?.['value']),
  );
  const stored = read(box.databaseFile, (database) =>
    database
      .prepare('select distinct sequence from event where sequence is not null')
      .all()
      .map(({ sequence }) => Number(sequence)),
  );
  const dropped = readOutbox(box, (database) =>
    database
      .prepare('select first, last from dropped')
      .all()
      .map((row) => ({ first: Number(row['first']), last: Number(row['last']) })),
  );
  const both = stored.filter((one) =>
    dropped.some(({ first, last }) => one >= first && one <= last),
  ).length;
  const counted = droppedOf(box).ofEvents;
  return { produced: numbered + refused, stored: stored.length, counted, both };
}

type Account = Pick<FullDiskFigures, 'stored' | 'counted' | 'both'>;

function explained({ stored, counted, both }: Account): number {
  return stored + counted - both;
}

function integrityOf(box: FaultBox): string {
  return readOutbox(box, (database) =>
    String(database.prepare('pragma integrity_check').get()?.['integrity_check']),
  );
}
