/**
 * One conversation with a SIP device or server: a socket, a Call-ID, requests with rising numbers, and the answer to a
 * demand for a password. Whatever is asked of this side is answered: a probe with 200, the end of a call with 200.
 */
import { randomBytes } from 'node:crypto';
import { type Credentials, digestAuthorization } from '../digest-authorization.ts';
import {
  answerTo,
  headerValues,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from './sip-message.ts';
import { openSipSocket } from './sip-socket.ts';
import type { SipTiming } from './sip-timing.ts';
import {
  createSipTransactions,
  type SipTransactions,
  type TransactionEnd,
} from './sip-transactions.ts';
import type { SipSocket, SipTarget } from './sip-way.ts';

export type SipPeer = SipTarget &
  Readonly<{
    /** Whom the requests are for: `sip:user@host:port`. */
    uri: string;
    /** This side's name, and where it is registered, if it is. */
    ownUser: string;
    ownHost?: string;
    credentials: () => Credentials | undefined;
    timing: SipTiming;
  }>;

type SipAsk = Readonly<{
  method: string;
  uri?: string;
  headers?: SipRequest['headers'];
  body?: string;
  toTag?: string;
  withinMs: number;
  signal?: AbortSignal;
  onProvisional?: (response: SipResponse) => void;
  /** Before every request that goes out for it, the one with the password too; it is waited for. */
  onSent?: (request: SipRequest) => Promise<void>;
}>;

/** By what both sides know that a request belongs to what was said before. */
export type Conversation = Readonly<{ callId: string; fromTag: string; sequence: number }>;

export type SipClient = Readonly<{
  localAddress: string;
  localPort: number;
  conversation: () => Conversation;
  /** Asks, and once more with the password when it is demanded. */
  ask: (ask: SipAsk) => Promise<TransactionEnd>;
  /** Sends what has no answer: ACK; or, with a given request's branch, CANCEL. */
  send: (request: SipRequest) => void;
  run: SipTransactions['run'];
  await: SipTransactions['await'];
  request: (ask: Pick<SipAsk, 'method' | 'uri' | 'headers' | 'body' | 'toTag'>) => SipRequest;
  contact: string;
  close: () => void;
}>;

export type SipListenerOf = Readonly<{
  onBye?: () => void;
  onStrayAnswer?: (response: SipResponse) => void;
  onError?: (reason: string) => void;
}>;

type OpenedClient =
  | Readonly<{ ok: true; client: SipClient }>
  | Readonly<{ ok: false; reason: string }>;

export async function openSipClient(
  peer: SipPeer,
  listener: SipListenerOf = {},
  /** Goes on with one of an earlier socket. */
  resumed?: Conversation,
): Promise<OpenedClient> {
  let socket: SipSocket | undefined;
  const transactions = createSipTransactions({
    socket: () => socket,
    timing: peer.timing,
    onRequest: (request) => answer(request, socket, listener),
    onStrayAnswer: (response) => listener.onStrayAnswer?.(response),
  });
  const opened = await openSipSocket(peer, {
    onMessage: (message: SipMessage) => transactions.take(message),
    onError: (reason) => {
      transactions.fail(reason);
      listener.onError?.(reason);
    },
  });
  if (!opened.ok) return opened;
  socket = opened.socket;
  return { ok: true, client: clientOf(peer, opened.socket, transactions, resumed) };
}

function clientOf(
  peer: SipPeer,
  socket: SipSocket,
  transactions: SipTransactions,
  resumed: Conversation | undefined,
): SipClient {
  const place = `${socket.localAddress}:${socket.localPort}`;
  const isStream = socket.transport !== 'udp';
  const contact = `<sip:${peer.ownUser}@${place}${isStream ? `;transport=${socket.transport}` : ''}>`;
  const via = `SIP/2.0/${socket.transport.toUpperCase()} ${place}`;
  const callId = resumed?.callId ?? `${random()}@${socket.localAddress}`;
  const fromTag = resumed?.fromTag ?? random();
  let sequence = resumed?.sequence ?? 0;

  const request: SipClient['request'] = ({ method, uri, headers = [], body = '', toTag }) => {
    // An ACK bears the number of what it acknowledges.
    if (method !== 'ACK') sequence += 1;
    const to = toTag === undefined ? '' : `;tag=${toTag}`;
    return {
      kind: 'request',
      method,
      uri: uri ?? peer.uri,
      headers: [
        ['Via', `${via};branch=z9hG4bK${random()};rport`],
        ['Max-Forwards', '70'],
        [
          'From',
          `"Haoguanjia" <sip:${peer.ownUser}@${peer.ownHost ?? socket.localAddress}>;tag=${fromTag}`,
        ],
        ['To', `<${peer.uri}>${to}`],
        ['Call-ID', callId],
        ['CSeq', `${sequence} ${method}`],
        ['Contact', contact],
        ['User-Agent', 'Haoguanjia'],
        ...headers,
      ],
      body,
    };
  };

  return {
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    contact,
    conversation: () => ({ callId, fromTag, sequence }),
    request,
    ask: (asked) => askWithPassword(peer, request, transactions, asked),
    send: socket.send,
    run: transactions.run,
    await: transactions.await,
    close: socket.close,
  };
}

async function askWithPassword(
  peer: SipPeer,
  request: SipClient['request'],
  transactions: SipTransactions,
  asked: SipAsk,
): Promise<TransactionEnd> {
  const attempt = async (headers: SipRequest['headers']): Promise<TransactionEnd> => {
    const sent = request({ ...asked, headers: [...(asked.headers ?? []), ...headers] });
    await asked.onSent?.(sent);
    return transactions.run({ ...asked, request: sent });
  };
  const first = await attempt([]);
  const demand = first.kind === 'answered' ? demandOf(first.response) : undefined;
  const credentials = demand === undefined ? undefined : peer.credentials();
  if (demand === undefined || credentials === undefined) return first;
  const what = { method: asked.method, uri: asked.uri ?? peer.uri };
  const value = digestAuthorization(demand.challenges, credentials, what);
  return value === undefined ? first : attempt([[demand.header, value]]);
}

function demandOf(response: SipResponse) {
  if (response.status === 401) {
    return { header: 'Authorization', challenges: headerValues(response, 'WWW-Authenticate') };
  }
  return response.status === 407
    ? { header: 'Proxy-Authorization', challenges: headerValues(response, 'Proxy-Authenticate') }
    : undefined;
}

function answer(
  request: SipRequest,
  socket: SipSocket | undefined,
  { onBye }: SipListenerOf,
): void {
  switch (request.method) {
    case 'ACK':
      return;
    case 'BYE':
      socket?.send(answerTo(request, 200, 'OK'));
      onBye?.();
      return;
    case 'OPTIONS':
    case 'NOTIFY':
      socket?.send(answerTo(request, 200, 'OK', [['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS']]));
      return;
    case 'INVITE':
      socket?.send(answerTo(request, 488, 'Not Acceptable Here'));
      return;
    default:
      socket?.send(answerTo(request, 501, 'Not Implemented'));
  }
}

function random(): string {
  return randomBytes(8).toString('hex');
}
