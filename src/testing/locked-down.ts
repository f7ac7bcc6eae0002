/**
 * Runs a program as compose.yaml lets it run, without a container (Linux, root): as user 10001, without any right of root
 * and with no way to one, everything read-only but one folder and /tmp, so many processes.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

export const lockedUser = 10_001;
const mostProcesses = 200;

const script = `
set -e
folder=$1; app=$2; shift 2
mount --bind "$folder" "$folder"
mount --bind "$PWD" "$app"
cd "$app"
awk '{print $2}' /proc/mounts | sort -u | while read -r place; do
  case $place in
    "$folder" | /proc* | /sys* | /dev*) ;;
    *) mount -o remount,bind,ro "$place" ;;
  esac
done
mount -t tmpfs -o size=64m,mode=1777 none /tmp
exec setpriv --reuid ${lockedUser} --regid ${lockedUser} --clear-groups --bounding-set=-all --inh-caps=-all \\
  --no-new-privs prlimit --nproc=${mostProcesses} -- "$@"
`;

export type LockedPlace = Readonly<{
  /** The one that may be written to; it has to belong to `lockedUser`. */
  data: string;
  /** Where the program sees this checkout, which may itself lie where only root may look. */
  app: string;
}>;

const lockedDown = ({ data, app }: LockedPlace, program: readonly string[]): readonly string[] => [
  ...['--mount', '--propagation', 'private', '--'],
  ...['sh', '-c', script, 'sh', data, app],
  ...program.map((word) =>
    word.startsWith(ownPlace) ? join(app, word.slice(ownPlace.length)) : word,
  ),
];
const ownPlace = `${process.cwd()}/`;

/** Whether this machine lets its root do so. */
export function canLockDown(): boolean {
  const app = mkdtempSync('/var/tmp/locked-');
  try {
    return spawnSync('unshare', lockedDown({ data: '/var/tmp', app }, ['true'])).status === 0;
  } finally {
    rmdirSync(app);
  }
}

/** The child is the program itself. Both folders exist and lie outside of /tmp. */
export function startLockedDown(place: LockedPlace, program: readonly string[]): ChildProcess {
  const env = { PATH: `${process.env['PATH']}:/usr/sbin`, LANG: 'C.UTF-8' };
  return spawn('unshare', lockedDown(place, program), { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
