/**
 * Runs a program as compose.yaml lets it run, without a container (Linux, root): as user 10001, without any right of root
 * and with no way to one, everything read-only but one folder and /tmp, so many processes.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

export const lockedUser = 10_001;
const mostProcesses = 200;

const script = `
set -e
folder=$1; shift
mount --bind "$folder" "$folder"
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

const lockedDown = (folder: string, program: readonly string[]): readonly string[] => [
  ...['--mount', '--propagation', 'private', '--'],
  ...['sh', '-c', script, 'sh', folder, ...program],
];

/** Whether this machine lets its root do so. */
export function canLockDown(): boolean {
  return spawnSync('unshare', lockedDown('/var/tmp', ['true'])).status === 0;
}

/** The child is the program itself. The folder, which lies outside of /tmp, has to belong to `lockedUser`. */
export function startLockedDown(folder: string, program: readonly string[]): ChildProcess {
  const env = { PATH: `${process.env['PATH']}:/usr/sbin`, LANG: 'C.UTF-8' };
  return spawn('unshare', lockedDown(folder, program), { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
