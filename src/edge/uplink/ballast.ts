/**
 * A file that only takes room. On a full disk SQLite can neither insert nor delete, so an outbox could not even drain;
 * with the ballast gone it can. It is put back when there is room again.
 */
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export type Ballast = Readonly<{
  /** Gives its room away; false when it had none. */
  release: () => boolean;
  /** Puts it back if it is gone and the disk has at least twice its size left. True when it is there afterwards. */
  restore: () => boolean;
  /** Less is left on the disk than its size; said until twice that is. A disk that cannot be asked is not scarce. */
  isScarce: () => boolean;
}>;

const pieceBytes = 1024 * 1024;

/** Nothing is written before `restore`; never throws. */
export function createBallast(file: string, bytes: number): Ballast {
  const size = (): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const release = (): boolean => {
    const hadRoom = size() > 0;
    rmSync(file, { force: true });
    return hadRoom;
  };
  let scarce = false;
  const free = (): number => {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize;
  };
  return {
    release,
    isScarce: () => {
      try {
        scarce = free() < (scarce ? 2 * bytes : bytes);
      } catch {
        scarce = false;
      }
      return scarce;
    },
    restore: () => {
      if (bytes === 0 || size() === bytes) return true;
      try {
        if (free() < 2 * bytes) return false;
        writeZeroes(file, bytes);
        return true;
      } catch {
        // Half a ballast would be taken for a whole one by nobody, but it would hold room that is needed now.
        release();
        return false;
      }
    },
  };
}

/** Really written: a file with a hole takes no room. */
function writeZeroes(file: string, bytes: number): void {
  const piece = Buffer.alloc(Math.min(pieceBytes, bytes));
  const handle = openSync(file, 'w');
  try {
    for (let written = 0; written < bytes; )
      written += writeSync(handle, piece, 0, Math.min(piece.length, bytes - written));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
