/**
 * SIP over a stream, TCP or TLS (RFC 3261, 18): messages follow one another, and each says how long its body is. A stream that
 * breaks ends whatever was asked on it.
 */

import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { because } from '../../../contract/reason.ts';
import { formatSip, parseSip } from './sip-message.ts';
import {
  type OpenedSipSocket,
  type SipListener,
  type SipTarget,
  type SipTransport,
  sipNetworkReason,
} from './sip-way.ts';

type StreamTarget = SipTarget & Readonly<{ transport: Exclude<SipTransport, 'udp'> }>;

/** A device that takes the connection and nothing more is not waited for longer. */
const connectWithinMs = 4000;
const mostBufferedBytes = 256 * 1024;

export async function openSipStream(
  target: StreamTarget,
  listener: SipListener,
): Promise<OpenedSipSocket> {
  let socket: Socket;
  try {
    socket = await connected(target);
  } catch (error) {
    return { ok: false, reason: reasonOf(error, target) };
  }
  let isOpen = true;
  const fail = (reason: string): void => {
    if (isOpen) listener.onError(reason);
    isOpen = false;
    socket.destroy();
  };
  socket.setNoDelay(true);
  socket.on('error', (error) => fail(reasonOf(error, target)));
  socket.on('close', () =>
    fail(because('connection-broken', { place: `${target.host}:${target.port}` })),
  );
  const take = createSplitter();
  socket.on('data', (bytes) => {
    const messages = take(bytes);
    if (messages === undefined) return fail(because('not-sip'));
    for (const message of messages.map(parseSip))
      if (message !== undefined) listener.onMessage(message);
  });
  return {
    ok: true,
    socket: {
      transport: target.transport,
      localAddress: socket.localAddress ?? '',
      localPort: socket.localPort ?? 0,
      send: (message) => {
        if (isOpen) socket.write(formatSip(message));
      },
      close: () => {
        isOpen = false;
        socket.end();
        // Who does not close its side in time is left.
        socket.setTimeout(1000, () => socket.destroy());
      },
    },
  };
}

/** Cuts the stream into whole messages; undefined when it cannot be SIP. */
function createSplitter(): (bytes: Buffer) => readonly Buffer[] | undefined {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const messages: Buffer[] = [];
    for (let end = endOfFirst(rest); end !== undefined; end = endOfFirst(rest)) {
      messages.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    return rest.length > mostBufferedBytes ? undefined : messages;
  };
}

/** Undefined until the whole message is there. */
function endOfFirst(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const [, length = '0'] =
    /^(?:content-length|l)\s*:\s*(\d{1,6})/im.exec(bytes.toString('utf8', 0, head)) ?? [];
  const end = head + 4 + Number(length);
  return bytes.length < end ? undefined : end;
}

function connected(target: StreamTarget): Promise<Socket> {
  const { host, port, interfaceAddress, transport } = target;
  const way = {
    host,
    port,
    ...(interfaceAddress === undefined ? {} : { localAddress: interfaceAddress }),
  };
  return new Promise((resolve, reject) => {
    const ca = target.ca === undefined ? {} : { ca: target.ca() };
    const socket = transport === 'tls' ? connectTls({ ...way, ...ca }) : connect(way);
    socket.setTimeout(connectWithinMs, () =>
      socket.destroy(new Error('it did not answer in time')),
    );
    socket.once('error', reject);
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function reasonOf(error: unknown, target: SipTarget): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /CERT|SIGNATURE|ISSUER|ALTNAME/.test(code)
    ? `the certificate of ${target.host}:${target.port} is not to be trusted (${code}); mend caFile`
    : sipNetworkReason(error, target);
}
