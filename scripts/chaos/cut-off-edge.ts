/**
 * A place for the edge that can be cut off from everything else without either side being told: a network namespace with a
 * pair of virtual cards. Linux only, and only for root.
 */
import { execFileSync, spawnSync } from 'node:child_process';

export type CutOffPlace = Readonly<{
  /** The address of this side, for the broker to listen on. */
  host: string;
  within: (command: readonly [string, ...string[]]) => readonly [string, ...string[]];
  cut: () => void;
  mend: () => void;
  remove: () => void;
}>;

/** Undefined, or one sentence that says why there can be no such place here. */
export function whyNoCutOff(): string | undefined {
  if (process.getuid?.() !== 0)
    return 'cutting an edge off takes root: it needs a network namespace';
  const name = `probe-${process.pid}`;
  const { status, error } = spawnSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
  if (error !== undefined) return 'cutting an edge off takes the program ip (Debian: iproute2)';
  if (status !== 0) return 'this machine does not let a network namespace be made';
  ip('netns', 'del', name);
  return undefined;
}

/** Throws when it cannot be made. */
export function makeCutOffPlace(): CutOffPlace {
  const name = `chaos-${process.pid}`;
  const [here, there] = [`ch${process.pid}`, `ce${process.pid}`];
  // A network of four addresses for each run, within 198.18.0.0/15, which is kept for tests (RFC 2544).
  const net = process.pid % 16_384;
  const address = (last: number): string => `198.18.${net >> 6}.${((net & 63) << 2) + last}`;
  ip('netns', 'add', name);
  try {
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
    ip('addr', 'add', `${address(1)}/30`, 'dev', here);
    ip('link', 'set', here, 'up');
    ip('-n', name, 'addr', 'add', `${address(2)}/30`, 'dev', there);
    ip('-n', name, 'link', 'set', there, 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  } catch (error) {
    ip('netns', 'del', name);
    throw error;
  }
  return {
    host: address(1),
    within: (command) => ['ip', 'netns', 'exec', name, ...command],
    cut: () => ip('link', 'set', here, 'down'),
    mend: () => ip('link', 'set', here, 'up'),
    remove: () => ip('netns', 'del', name),
  };
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
