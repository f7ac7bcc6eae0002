/**
 * The UDP socket towards one speaker or group. It is connected: a single speaker's network then answers refusals
 * (nothing listens there, no such host) as errors, and a packet leaves at once instead of after a look-up of the address.
 */
import { createSocket, type Socket } from 'node:dgram';

export type RtpTarget = Readonly<{
  address: string;
  port: number;
  ttl: number;
  interfaceAddress?: string;
}>;

export type OpenedRtpSocket =
  | Readonly<{ ok: true; socket: Socket; send: (packet: Uint8Array) => void }>
  | Readonly<{ ok: false; reason: string }>;

/** `onSendError` hears of every packet that the network did not take. */
export async function openRtpSocket(
  target: RtpTarget,
  onSendError: (error: Error) => void,
): Promise<OpenedRtpSocket> {
  const socket = createSocket('udp4');
  try {
    await bound(socket, target.interfaceAddress);
    if (isMulticast(target.address)) {
      socket.setMulticastTTL(target.ttl);
      if (target.interfaceAddress !== undefined) {
        socket.setMulticastInterface(target.interfaceAddress);
      }
    }
    await connected(socket, target);
  } catch (error) {
    socket.close();
    return { ok: false, reason: networkReason(error, target) };
  }
  socket.on('error', onSendError);
  const send = (packet: Uint8Array): void =>
    socket.send(packet, (error) => {
      if (error !== null) onSendError(error);
    });
  return { ok: true, socket, send };
}

/** One sentence for the operator. */
export function networkReason(error: unknown, target: RtpTarget): string {
  const place = `${target.address}:${target.port}`;
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return `nothing listens at ${place}; check the speaker's port and that paging is switched on`;
    case 'EHOSTUNREACH':
      return `no device answers at ${place}; check the speaker's power and cable`;
    case 'ENETUNREACH':
      return `there is no route to ${place}; check this machine's network and the speaker's address`;
    case 'EADDRNOTAVAIL':
    case 'ENODEV':
      return `this machine has no network card with the address ${target.interfaceAddress ?? ''}; mend interfaceAddress`;
    case 'EACCES':
    case 'EPERM':
      return `this machine is not allowed to send to ${place}; check its firewall`;
    default:
      return `sending to ${place} failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function isMulticast(address: string): boolean {
  const first = Number(address.split('.')[0]);
  return first >= 224 && first <= 239;
}

function bound(socket: Socket, address: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port: 0, ...(address === undefined ? {} : { address }) }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

function connected(socket: Socket, target: RtpTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    // On failure Node calls back with the error as well; its types do not say so.
    socket.connect(target.port, target.address, (...[error]: unknown[]) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
}
