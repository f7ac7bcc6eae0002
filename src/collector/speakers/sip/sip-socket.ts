/**
 * The way to one SIP device or server; TCP and TLS are in sip-stream.ts. The UDP socket is connected: its own address is then known, as the messages have
 * to name it, and a closed port answers at once instead of by silence.
 */
import { createSocket, type Socket } from 'node:dgram';
import { formatSip, parseSip } from './sip-message.ts';
import { openSipStream } from './sip-stream.ts';
import {
  type OpenedSipSocket,
  type SipListener,
  type SipTarget,
  sipNetworkReason,
} from './sip-way.ts';

export function openSipSocket(target: SipTarget, listener: SipListener): Promise<OpenedSipSocket> {
  const { transport = 'udp' } = target;
  return transport === 'udp'
    ? openDatagrams(target, listener)
    : openSipStream({ ...target, transport }, listener);
}

async function openDatagrams(target: SipTarget, listener: SipListener): Promise<OpenedSipSocket> {
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
      transport: 'udp',
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

function connected(
  socket: Socket,
  { host, port, interfaceAddress, localPort = 0 }: SipTarget,
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    const own = interfaceAddress === undefined ? {} : { address: interfaceAddress };
    socket.bind({ port: localPort, ...own }, () => {
      // On failure Node calls back with the error as well; its types do not say so.
      socket.connect(port, host, (...[error]: unknown[]) => {
        socket.off('error', reject);
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  });
}
