/** What runs on this machine (Linux): for tests that prove that no child, no descriptor and no secret is left lying about. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
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

/** Sends the signal and resolves when the child is gone. */
export async function childEnd(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
