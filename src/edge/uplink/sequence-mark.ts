/**
 * What is known of the outbox beside the outbox: which numbers were given, and which file it is. Written before and after
 * each number into one small file that never grows, so that a damaged outbox, or one that came back from its log with less
 * than it had, is noticed, and its numbers never go back.
 */
import { closeSync, constants, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

export type SequenceMark = Readonly<{
  /** Of the outbox that the mark belongs to. */
  identity: number;
  /** About to be given: it may be in use, or not yet. */
  about: number;
  /** Given, and safe in the outbox; what has a lower number was safe before. */
  last: number;
  /** None above it was given; on disk before any up to it is. */
  ceiling: number;
  /** Of the machine. What was written since it started is exact; after a power cut only the ceiling holds. */
  bootId: string;
  /** Whether the centre has acknowledged anything; absent where an older program wrote it. */
  hasDelivered?: boolean;
}>;

export type MarkKeeper = Readonly<{
  about: (sequence: number) => void;
  given: (sequence: number) => void;
  /** Something was acknowledged. */
  delivered: () => void;
  close: () => void;
}>;

/** Numbers between two waits for the disk. */
const block = 100;
/** One sector: the disk writes it whole or not. */
const recordBytes = 512;

export const markFileOf = (outboxFile: string): string => `${outboxFile}.mark`;

/** Undefined when there is none that can be trusted. */
export function readMark(file: string): SequenceMark | undefined {
  try {
    const [text = '', sum] = readFileSync(file, 'utf8').split('\n');
    return Number(sum) === crc32(text) ? (JSON.parse(text) as SequenceMark) : undefined;
  } catch {
    return undefined;
  }
}

/** The highest number that may have been given. */
export function highestOf(mark: SequenceMark, bootId: string = machineBootId()): number {
  return mark.bootId === bootId && bootId !== '' ? mark.about : mark.ceiling;
}

/**
 * Goes on from `last`. That the mark cannot be written never stops an event: it is the second safeguard, not the first, and
 * an older mark only says less.
 */
export function keepMark(file: string, identity: number, last: number): MarkKeeper {
  const bootId = machineBootId();
  // What is not known to be undelivered may have been delivered.
  const hasDelivered = last > 0 && readMark(file)?.hasDelivered !== false;
  const numbers = { about: last, last, ceiling: last + block };
  let mark: SequenceMark = { identity, ...numbers, bootId, hasDelivered };
  let handle: number | undefined;
  const write = (next: SequenceMark): void => {
    mark = next;
    try {
      handle ??= openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
      const text = JSON.stringify(mark);
      writeSync(handle, `${text}\n${crc32(text)}\n`.padEnd(recordBytes), 0);
    } catch {
      // The disk is full, and the file new.
    }
  };
  const settle = (): void => {
    try {
      if (handle !== undefined) fdatasyncSync(handle);
    } catch {
      // As above.
    }
  };
  write(mark);
  settle();
  return {
    about: (sequence) => {
      const needsMore = sequence > mark.ceiling;
      write({ ...mark, about: sequence, ...(needsMore ? { ceiling: sequence + block } : {}) });
      if (needsMore) settle();
    },
    given: (sequence) => {
      if (sequence <= mark.last) return;
      const about = Math.max(mark.about, sequence);
      write({ ...mark, about, last: sequence, ceiling: Math.max(mark.ceiling, about) });
    },
    delivered: () => {
      if (mark.hasDelivered === true) return;
      write({ ...mark, hasDelivered: true });
      settle();
    },
    close: () => {
      if (handle === undefined) return;
      settle();
      closeSync(handle);
      handle = undefined;
    },
  };
}

/** Empty where the system does not say. */
function machineBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
