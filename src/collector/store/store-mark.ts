/**
 * What is known of the SQLite file beside it: which one it is, and how often it was written. SQLite takes a log that was cut
 * short for one that ends there, another file's log for its own and an empty file for a new one; with this it is noticed.
 */
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

export type StoreMark = Readonly<{ identity: string; writes: number }>;

export type StoreMarkKeeper = Readonly<{
  /** Committed, and known outside. */
  reached: (writes: number) => void;
  close: () => void;
}>;

/** The setting that names the file. */
export const identitySetting = 'store-identity';
/** The setting that counts its writes, each in its own transaction. */
export const writesSetting = 'store-writes';

const recordBytes = 512;

export const storeMarkOf = (databaseFile: string): string => `${databaseFile}.mark`;

/** Undefined when there is none that can be trusted. */
export function readStoreMark(file: string): StoreMark | undefined {
  try {
    const [text = '', sum] = readFileSync(file, 'utf8').split('\n');
    return Number(sum) === crc32(text) ? (JSON.parse(text) as StoreMark) : undefined;
  } catch {
    return undefined;
  }
}

/** That it cannot be written stops nothing: an older mark only says less. */
export function keepStoreMark(file: string, first: StoreMark): StoreMarkKeeper {
  let handle: number | undefined;
  const write = (mark: StoreMark): void => {
    try {
      handle ??= openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
      const text = JSON.stringify(mark);
      writeSync(handle, `${text}\n${crc32(text)}\n`.padEnd(recordBytes), 0);
    } catch {
      // The disk is full, and the file new.
    }
  };
  write(first);
  return {
    reached: (writes) => write({ ...first, writes }),
    close: () => {
      if (handle !== undefined) closeSync(handle);
      handle = undefined;
    },
  };
}
