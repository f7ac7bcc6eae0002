/** What the ways to a SIP device or server have in common, UDP, TCP and TLS. */
import type { SipMessage } from './sip-message.ts';

export type SipTransport = 'udp' | 'tcp' | 'tls';

export type SipTarget = Readonly<{
  host: string;
  port: number;
  interfaceAddress?: string;
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
      return `no SIP device listens at ${place}; check the speaker's address and that SIP is switched on`;
    case 'EHOSTUNREACH':
      return `no device answers at ${place}; check the speaker's power and cable`;
    case 'ENETUNREACH':
      return `there is no route to ${place}; check this machine's network and the speaker's address`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} is not known; check the speaker's address`;
    case 'EADDRNOTAVAIL':
      return `this machine has no network card with the address ${interfaceAddress ?? ''}; mend interfaceAddress`;
    default:
      return `sending to ${place} failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
