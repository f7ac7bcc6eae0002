/**
 * The UDP socket of one stream. It is connected to its speaker: the network then answers refusals
 * (nothing listens there, no such host) as errors, and a packet leaves at once instead of after a look-up of the address.
 */

import { createSocket, type Socket } from 'node:dgram';
import { because } from '../../../contract/reason.ts';

export type RtpTarget = Readonly<{
  address: string;
  port: number;
  ttl: number;
  interfaceAddress?: string;
}>;

export type BoundRtpSocket =
  | Readonly<{ ok: true; socket: Socket }>
  | Readonly<{ ok: false; reason: string }>;

/** RTP wants an even port; the system gives any, so it is asked until it gives an even one. */
export async function bindRtpSocket(interfaceAddress: string | undefined): Promise<BoundRtpSocket> {
  for (;;) {
    const socket = createSocket('udp4');
    try {
      await bound(socket, interfaceAddress);
    } catch (error) {
      socket.close();
      return { ok: false, reason: bindReason(error, interfaceAddress) };
    }
    if (socket.address().port % 2 === 0) return { ok: true, socket };
    socket.close();
  }
}

/** Rejects with what the network says. */
export async function connectRtpSocket(socket: Socket, target: RtpTarget): Promise<void> {
  if (isMulticast(target.address)) {
    socket.setMulticastTTL(target.ttl);
    if (target.interfaceAddress !== undefined) {
      socket.setMulticastInterface(target.interfaceAddress);
    }
  }
  await connected(socket, target);
}

/** One sentence for the operator. */
export function networkReason(error: unknown, target: RtpTarget): string {
  const place = `${target.address}:${target.port}`;
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return because('rtp-nobody-listens', { place });
    case 'EHOSTUNREACH':
      return because('speaker-no-device', { place });
    case 'ENETUNREACH':
      return because('speaker-no-route', { place });
    case 'EADDRNOTAVAIL':
    case 'ENODEV':
      return noSuchCard(target.interfaceAddress);
    case 'EACCES':
    case 'EPERM':
      return because('sending-forbidden', { place });
    default:
      return because('sending-failed', { place, error: messageOf(error) });
  }
}

function bindReason(error: unknown, interfaceAddress: string | undefined): string {
  return codeOf(error) === 'EADDRNOTAVAIL'
    ? noSuchCard(interfaceAddress)
    : because('no-port', { error: messageOf(error) });
}

function noSuchCard(address: string | undefined): string {
  return because('no-network-card', { address: address ?? '' });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
