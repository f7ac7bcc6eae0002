/**
 * Processor time and memory of other processes and their threads, from /proc (Linux, man 5 proc). Cumulative: two
 * readings make a measurement.
 */
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

type ThreadTime = Readonly<{ tid: number; name: string; seconds: number }>;
export type ProcessTime = Readonly<{
  pid: number;
  seconds: number;
  commandLine: readonly string[];
  /** Resident memory, and with each shared page divided among those who share it. */
  residentMb: number;
  proportionalMb: number;
  threads: readonly ThreadTime[];
}>;

/** Of a process and everything below it, the process itself first; what ends while we look is left out. */
export function processTimes(root: number): readonly ProcessTime[] {
  const parents = parentOfEach();
  const below = (pid: number): readonly number[] => [
    pid,
    ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
  ];
  return below(root).flatMap((pid) => {
    const read = processTime(pid);
    return read === undefined ? [] : [read];
  });
}

function processTime(pid: number): ProcessTime | undefined {
  try {
    const [, seconds] = nameAndSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return {
      pid,
      seconds,
      commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'),
      residentMb: Number(resident ?? 0) / 1024,
      proportionalMb: Number(/^Pss:\s+(\d+)/m.exec(rollup(pid))?.[1] ?? resident ?? 0) / 1024,
      threads: readdirSync(`/proc/${pid}/task`).flatMap((tid) => threadTime(pid, Number(tid))),
    };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

/** Empty where the kernel does not tell. */
function rollup(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  } catch {
    return '';
  }
}

function threadTime(pid: number, tid: number): readonly ThreadTime[] {
  try {
    const [name, seconds] = nameAndSeconds(readFileSync(`/proc/${pid}/task/${tid}/stat`, 'utf8'));
    return [{ tid, name, seconds }];
  } catch {
    return [];
  }
}

function parentOfEach(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(fieldsAfterName(stat)[1]));
    } catch {
      // It ended while we looked.
    }
  }
  return parents;
}

function nameAndSeconds(stat: string): readonly [name: string, seconds: number] {
  const fields = fieldsAfterName(stat);
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  return [name, (Number(fields[11]) + Number(fields[12])) / ticksPerSecond];
}

/** From the third field on: the name in brackets may hold blanks. */
function fieldsAfterName(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
