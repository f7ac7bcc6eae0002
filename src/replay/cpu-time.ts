/** Processor time that this process and its ended children have used. */
import { readFileSync } from 'node:fs';

/** Kernel ticks a second in /proc, the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Seconds so far, user and system. Children count once they have ended; where there is no /proc they are left out. */
export function cpuSecondsSoFar(): number {
  const own = process.cpuUsage();
  return (own.user + own.system) / 1e6 + childSeconds();
}

function childSeconds(): number {
  if (process.platform !== 'linux') return 0;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The name in brackets may hold blanks; after it come the fields from the third on (man proc, cutime and cstime).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}
