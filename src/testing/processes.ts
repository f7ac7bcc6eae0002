/** What runs on this machine (Linux): for tests that prove that no child and no secret is left lying about. */
import { readdirSync, readFileSync } from 'node:fs';

export type RunningProcess = Readonly<{ pid: number; parent: number; commandLine: string }>;

/** Zombies have an empty command line. */
export function runningProcesses(): readonly RunningProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return [{ pid: Number(name), parent, commandLine }];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}

export function childrenOf(pid: number): readonly RunningProcess[] {
  return runningProcesses().filter(({ parent }) => parent === pid);
}
