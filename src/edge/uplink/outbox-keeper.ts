/**
 * Finds room in the outbox for what comes: within the cap by letting go what is less important, on a full disk by
 * giving away the ballast, emptying SQLite's log, and deleting.
 */

import { dirname } from 'node:path';
import type { DropClass } from '../../contract/delivery-event.ts';
import { because } from '../../contract/reason.ts';
import type { Ballast } from './ballast.ts';
import type { DropBook } from './drop-book.ts';
import { isDiskFull, NoRoomError, type OutboxDatabase, OutboxError } from './outbox-database.ts';

type Incoming = Readonly<{ cameraId: string; dropClass: DropClass; bytes: number }>;

export type OutboxKeeper = Readonly<{
  /** Runs the work in a transaction in which there is room for `incoming`. Throws OutboxError; that counts as a drop. */
  keep: <Result>(incoming: Incoming, work: () => Result) => Result;
  /** The same for a change that makes room rather than takes it. Throws OutboxError. */
  tidy: <Result>(work: () => Result) => Result;
  /** Writes down drops that could not be written when they happened. */
  writeUncounted: () => void;
  tend: () => void;
  fault: () => string | undefined;
}>;

type Parts = OutboxDatabase &
  Readonly<{ file: string; book: DropBook; ballast: Ballast; maxBytes: number }>;

export function createOutboxKeeper(parts: Parts): OutboxKeeper {
  const { file, transact, usedBytes, book } = parts;
  const firmness = createFirmness(parts);
  const { firmly } = firmness;
  const uncounted = new Map<string, Incoming & { times: number }>();
  // SQLite needs some pages of its own for every change, and deleting a batch at a time costs less than one by one.
  const reserve = Math.max(64 * 1024, parts.maxBytes / 50);

  const attempt = <Result>(incoming: Incoming, work: () => Result, sheds: boolean): Result =>
    transact(() => {
      if (sheds) book.shed(incoming.dropClass);
      while (usedBytes() + incoming.bytes + reserve > firmness.limit()) {
        if (!book.shed(incoming.dropClass)) throw new NoRoomError('nothing can give way');
      }
      return work();
    });
  const writeUncounted = (): void => {
    if (uncounted.size === 0) return;
    transact(() => {
      for (const { cameraId, dropClass, times } of uncounted.values())
        book.count(cameraId, dropClass, { times });
    });
    uncounted.clear();
  };
  /** Within the cap there is room for the account of a drop, and then no crash can take that away. */
  const countAtOnce = (): void => {
    try {
      writeUncounted();
    } catch (cause) {
      // It stays noted, and is tried again before the next account is given.
      if (!isDiskFull(cause)) throw new OutboxError(file, cause);
    }
  };

  return {
    keep: (incoming, work) => {
      try {
        return firmly((isLast) => attempt(incoming, work, isLast));
      } catch (cause) {
        const key = `${incoming.cameraId}/${incoming.dropClass}`;
        uncounted.set(key, { ...incoming, times: (uncounted.get(key)?.times ?? 0) + 1 });
        if (cause instanceof NoRoomError) countAtOnce();
        throw new OutboxError(file, cause);
      }
    },
    tidy: (work) => {
      try {
        return firmly(() => transact(work));
      } catch (cause) {
        throw new OutboxError(file, cause);
      }
    },
    writeUncounted,
    tend: firmness.tend,
    fault: firmness.fault,
  };
}

/** Work that is tried again when the disk is full, after whatever may help, mildest first. */
function createFirmness({ file, database, ballast, fileBytes, maxBytes }: Parts) {
  let pressed = !ballast.restore();
  /** It is said before anything fails: the outbox lives for a while on room that it took before. */
  let isScarce = ballast.isScarce();
  /** On a full disk the file must not grow: its log could not be written into it, and would not start anew. */
  let limit = pressed ? Math.min(maxBytes, fileBytes()) : maxBytes;
  const mends: readonly (() => void)[] = [
    () => void ballast.release(),
    () => void database.exec('pragma wal_checkpoint(restart)'),
  ];
  const insist = <Result>(work: (isLast: boolean) => Result): Result => {
    if (!pressed) limit = Math.min(maxBytes, fileBytes());
    pressed = true;
    for (const mend of mends) {
      try {
        mend();
        return work(false);
      } catch (cause) {
        if (!isDiskFull(cause)) throw cause;
      }
    }
    return work(true);
  };
  return {
    /** `isLast` is the time to delete something, in whatever room is left by then. */
    firmly: <Result>(work: (isLast: boolean) => Result): Result => {
      try {
        return work(false);
      } catch (cause) {
        if (!isDiskFull(cause)) throw cause;
        return insist(work);
      }
    },
    limit: () => limit,
    tend: (): void => {
      isScarce = ballast.isScarce();
      if (!pressed || !ballast.restore()) return;
      pressed = false;
      limit = maxBytes;
    },
    fault: (): string | undefined =>
      pressed || isScarce ? because('edge-disk-full', { folder: dirname(file) }) : undefined,
  };
}
