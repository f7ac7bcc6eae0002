/** Which addresses this process and its children listen on (Linux), for tests that prove that nothing else is open. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type RunningProcess, runningProcesses } from './processes.ts';

/** `address` as the kernel writes it: hexadecimal, each four bytes in the machine's order. */
export type ListeningPort = Readonly<{ address: string; port: number }>;

/** A TCP socket that listens; a UDP socket that is tied to no peer. */
const listening = '0A';
const untied = '07';

export const listeningPorts = (pid = process.pid): readonly ListeningPort[] =>
  portsOf(pid, 'tcp', listening);
export const datagramPorts = (pid = process.pid): readonly ListeningPort[] =>
  portsOf(pid, 'udp', untied);

function portsOf(pid: number, protocol: string, state: string): readonly ListeningPort[] {
  const sockets = new Set(familyOf(pid, runningProcesses()).flatMap(socketsOf));
  return [`/proc/net/${protocol}`, `/proc/net/${protocol}6`].flatMap((table) =>
    readFileSync(table, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const fields = line.trim().split(/\s+/);
        const [address = '', port = ''] = fields[1]?.split(':') ?? [];
        return fields[3] === state && sockets.has(fields[9] ?? '')
          ? [{ address, port: Number.parseInt(port, 16) }]
          : [];
      }),
  );
}

export function isLoopback({ address }: ListeningPort): boolean {
  return address === '0100007F' || address === '00000000000000000000000001000000';
}

function familyOf(pid: number, processes: readonly RunningProcess[]): readonly number[] {
  const children = processes.filter(({ parent }) => parent === pid);
  return [pid, ...children.flatMap((child) => familyOf(child.pid, processes))];
}

function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return ifStillThere(() => readdirSync(folder), []).flatMap((name) => {
    const link = ifStillThere(() => readlinkSync(`${folder}/${name}`), '');
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    return inode === undefined ? [] : [inode];
  });
}

/** Processes and descriptors go while one looks at them. */
function ifStillThere<Seen>(look: () => Seen, gone: Seen): Seen {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return gone;
    throw error;
  }
}
