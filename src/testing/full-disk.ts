/** A really full disk for tests: a small tmpfs in a mount namespace of its own, which only root may make. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export type FullDiskFacts = Readonly<{
  produced: number;
  waiting: number;
  acknowledged: number;
  counted: number;
  alarmsLost: number;
  alarmsKeptWhileFull: number;
  acknowledgedWhileFull: boolean;
  faultWhileFull: string | null;
  faultAfter: string | null;
  integrity: string;
}>;

const unshare = ['--mount', '--propagation', 'private', 'sh', '-c'] as const;

export function canMountTmpfs(): boolean {
  const script = 'mount -t tmpfs -o size=1m tmpfs /mnt';
  return spawnSync('unshare', [...unshare, script], { stdio: 'ignore' }).status === 0;
}

/** The command that fills an outbox on a disk of that size; it prints FullDiskFacts as its last line. */
export function fullDiskScript(size: string): Script {
  return onSmallDisk(size, 'full-disk-main.ts');
}

/** The command that writes clips on a disk of that size; it prints what became of them as its last line. */
export function clipsOnFullDisk(size: string): Script {
  return onSmallDisk(size, 'clips-on-full-disk-main.ts');
}

type Script = [program: string, args: string[]];

function onSmallDisk(size: string, main: string): Script {
  const program = join(import.meta.dirname, main);
  const script = `mount -t tmpfs -o size=${size} tmpfs /mnt && exec "${process.execPath}" "${program}" /mnt`;
  return ['unshare', [...unshare, script]];
}
