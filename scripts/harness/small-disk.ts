/** A small disk of its own in the place of a folder, to be filled up and made free. Linux only, and only for root. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export type SmallDisk = Readonly<{
  /** Until nothing more goes in. */
  fill: () => void;
  free: () => void;
  remove: () => void;
}>;

/** Undefined where none can be had. */
export function mountSmallDisk(folder: string, megabytes: number): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true });
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder];
  if (spawnSync('mount', options, { stdio: 'ignore' }).status !== 0) return undefined;
  const file = join(folder, 'fill');
  return {
    fill: () => fillUp(file),
    free: () => rmSync(file, { force: true }),
    // Lazily: a program that was just killed may still have it open.
    remove: () => void spawnSync('umount', ['--lazy', folder]),
  };
}

function fillUp(file: string): void {
  const handle = openSync(file, 'a');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (const size of [block.length, 4096, 1]) {
      try {
        while (writeSync(handle, block, 0, size) === size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(handle);
  }
}
