/** What runs on this machine (Linux): for tests that prove that no child, no descriptor and no secret is left lying about. */
import { readdirSync, readFileSync } from 'node:fs';

export type RunningProcess = Readonly<{
  pid: number;
  parent: number;
  commandLine: string;
  isZombie: boolean;
}>;

/** Zombies have an empty command line. */
export function runningProcesses(): readonly RunningProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [{ pid: Number(name), parent: Number(parent), commandLine, isZombie: state === 'Z' }];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}

export function childrenOf(pid: number): readonly RunningProcess[] {
  return runningProcesses().filter(({ parent }) => parent === pid);
}

/** How many files, sockets and pipes this process has open. */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
