/** What the ways to a SIP device or server have in common, UDP, TCP and TLS. */
import { because } from '../../../contract/reason.ts';
import type { SipMessage } from './sip-message.ts';

export type SipTransport = 'udp' | 'tcp' | 'tls';

export type SipTarget = Readonly<{
  host: string;
  port: number;
  interfaceAddress?: string;
  /** Of this side (UDP), when answers to an earlier socket are awaited; a free one, when absent. */
  localPort?: number;
  /** UDP, when absent. */
  transport?: SipTransport;
  /** With TLS: PEM of the authority that signed the device's certificate; the system's, when absent. */
  ca?: () => Buffer;
}>;

export type SipSocket = Readonly<{
  transport: SipTransport;
  localAddress: string;
  localPort: number;
  send: (message: SipMessage) => void;
  close: () => void;
}>;

export type SipListener = Readonly<{
  onMessage: (message: SipMessage) => void;
  onError: (reason: string) => void;
}>;

export type OpenedSipSocket =
  | Readonly<{ ok: true; socket: SipSocket }>
  | Readonly<{ ok: false; reason: string }>;

/** One sentence for the operator. */
export function sipNetworkReason(
  error: unknown,
  { host, port, interfaceAddress }: SipTarget,
): string {
  const place = `${host}:${port}`;
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ECONNREFUSED':
      return because('sip-nobody-listens', { place });
    case 'EHOSTUNREACH':
      return because('speaker-no-device', { place });
    case 'ENETUNREACH':
      return because('speaker-no-route', { place });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return because('speaker-unknown-name', { host });
    case 'EADDRNOTAVAIL':
      return because('no-network-card', { address: interfaceAddress ?? '' });
    default:
      return because('sending-failed', {
        place,
        error: error instanceof Error ? error.message : String(error),
      });
  }
}
