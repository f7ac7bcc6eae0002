/**
 * Whether the sound for a device arrives there, or waits on this side because the device does not read it. Most of what waits
 * lies in the system's own queue of the connection, minutes of speech on a fast network, and Node does not tell of it; Linux
 * does (proc_net_tcp.txt: tx_queue, bytes that were not acknowledged). Elsewhere only Node's part is seen. What a device has
 * taken into its own memory and not played nobody sees.
 */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

export type Arrival = Readonly<{
  /** What is written now would be heard noticeably late, as seen at the last look. */
  isLate: () => boolean;
  look: () => Promise<void>;
  /** Looks no more, and ends the connection; what is late is taken back from the system, as far as it still has it. */
  end: () => void;
}>;

const lookEveryMs = 200;
/** Half a second of G.711. */
const lateBytes = 4000;
const stalledMs = 3000;

/** `onStalled`: for three seconds on end nothing could be written that would have been heard in time. */
export function watchArrival(
  socketOf: () => Socket | null | undefined,
  onStalled: () => void,
): Arrival {
  let lateSinceMs: number | undefined;
  const look = async (): Promise<void> => {
    const socket = socketOf();
    if (socket === null || socket === undefined) return;
    const waits = socket.writableLength + (await unacknowledgedBytes(socket));
    if (waits <= lateBytes) lateSinceMs = undefined;
    else lateSinceMs ??= performance.now();
    if (lateSinceMs !== undefined && performance.now() - lateSinceMs >= stalledMs) onStalled();
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  return {
    isLate: () => lateSinceMs !== undefined,
    look,
    end: () => {
      clearInterval(timer);
      const socket = socketOf();
      // A connection that is closed in good order goes on delivering what waits.
      if (lateSinceMs === undefined || socket instanceof TLSSocket) socket?.destroy();
      else socket?.resetAndDestroy();
    },
  };
}

async function unacknowledgedBytes({
  localPort,
  remotePort,
  remoteFamily,
}: Socket): Promise<number> {
  if (localPort === undefined || remotePort === undefined) return 0;
  const table = remoteFamily === 'IPv6' ? '/proc/net/tcp6' : '/proc/net/tcp';
  const rows = await readFile(table, 'latin1').catch(() => '');
  const [, queued = '0'] =
    new RegExp(
      `: [0-9A-F]+:${hex(localPort)} [0-9A-F]+:${hex(remotePort)} [0-9A-F]{2} ([0-9A-F]+):`,
    ).exec(rows) ?? [];
  return Number.parseInt(queued, 16);
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
