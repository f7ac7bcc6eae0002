/**
 * The UDP socket towards one SIP device or server. It is connected: its own address is then known, as the messages have
 * to name it, and a closed port answers at once instead of by silence.
 */
import { createSocket, type Socket } from 'node:dgram';
import { formatSip, parseSip, type SipMessage } from './sip-message.ts';

export type SipTarget = Readonly<{ host: string; port: number; interfaceAddress?: string }>;

export type SipSocket = Readonly<{
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

export async function openSipSocket(
  target: SipTarget,
  listener: SipListener,
): Promise<OpenedSipSocket> {
  const socket = createSocket('udp4');
  try {
    await connected(socket, target);
  } catch (error) {
    socket.close();
    return { ok: false, reason: sipNetworkReason(error, target) };
  }
  const fail = (error: Error): void => listener.onError(sipNetworkReason(error, target));
  socket.on('error', fail);
  socket.on('message', (bytes) => {
    const message = parseSip(bytes);
    if (message !== undefined) listener.onMessage(message);
  });
  const { address, port } = socket.address();
  let isOpen = true;
  return {
    ok: true,
    socket: {
      localAddress: address,
      localPort: port,
      send: (message) => {
        if (!isOpen) return;
        socket.send(formatSip(message), (error) => {
          if (error !== null && isOpen) fail(error);
        });
      },
      close: () => {
        if (isOpen) socket.close();
        isOpen = false;
      },
    },
  };
}

function connected(socket: Socket, { host, port, interfaceAddress }: SipTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    const own = interfaceAddress === undefined ? {} : { address: interfaceAddress };
    socket.bind({ port: 0, ...own }, () => {
      // On failure Node calls back with the error as well; its types do not say so.
      socket.connect(port, host, (...[error]: unknown[]) => {
        socket.off('error', reject);
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  });
}

/** One sentence for the operator. */
function sipNetworkReason(error: unknown, { host, port, interfaceAddress }: SipTarget): string {
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
