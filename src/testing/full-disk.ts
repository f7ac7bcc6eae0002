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
export function fullDiskScript(size: string): [string, string[]] {
  const program = join(import.meta.dirname, 'full-disk-main.ts');
  const script = `mount -t tmpfs -o size=${size} tmpfs /mnt && exec "${process.execPath}" "${program}" /mnt`;
  return ['unshare', [...unshare, script]];
}
