/**
 * Client transactions (RFC 3261, 17.1): over UDP a request is repeated at doubling distances until the other side answers
 * (timers A and E); an unsuccessful answer to a call is acknowledged, as often as it comes. Answers find their request by
 * the branch. What the other side asks goes to `onRequest`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  branchOf,
  headerValue,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from './sip-message.ts';
import type { SipTiming } from './sip-timing.ts';
import type { SipSocket } from './sip-way.ts';

export type TransactionEnd =
  | Readonly<{ kind: 'answered'; response: SipResponse }>
  | Readonly<{ kind: 'silent' }>
  | Readonly<{ kind: 'unreachable'; reason: string }>
  | Readonly<{ kind: 'stopped' }>;

type Transaction = Readonly<{
  request: SipRequest;
  withinMs: number;
  /** Ends the waiting, not what was asked: for a call there is `CANCEL`. */
  signal?: AbortSignal;
  onProvisional?: (response: SipResponse) => void;
}>;

export type SipTransactions = Readonly<{
  run: (transaction: Transaction) => Promise<TransactionEnd>;
  /** Every answer to a request of an earlier run. */
  await: (request: SipRequest, onResponse: (response: SipResponse) => void) => void;
  /** From the socket. */
  take: (message: SipMessage) => void;
  fail: (reason: string) => void;
}>;

type Open = Readonly<{ request: SipRequest; onResponse: (response: SipResponse) => void }>;

type Books = Readonly<{
  open: Map<string, Open>;
  onFailure: Set<(reason: string) => void>;
  /** Requests whose answer has come: calls only, because their answers come again until they are acknowledged. */
  answered: Map<string, SipRequest>;
}>;

type Parts = Readonly<{
  socket: () => SipSocket | undefined;
  timing: SipTiming;
  onRequest: (request: SipRequest) => void;
  /** A successful answer to a call, which came again or too late. */
  onStrayAnswer: (response: SipResponse) => void;
}>;

export function createSipTransactions(parts: Parts): SipTransactions {
  const open: Books['open'] = new Map();
  const onFailure: Books['onFailure'] = new Set();
  const answered: Books['answered'] = new Map();

  const takeResponse = (response: SipResponse): void => {
    const method = headerValue(response, 'CSeq')?.split(/\s+/)[1] ?? '';
    const key = keyOf(response, method);
    const waiting = open.get(key);
    const request = waiting?.request ?? answered.get(key);
    if (request === undefined) return;
    if (method === 'INVITE' && response.status >= 300)
      parts.socket()?.send(ackOf(request, response));
    if (waiting !== undefined) waiting.onResponse(response);
    else if (response.status >= 200 && response.status < 300) parts.onStrayAnswer(response);
  };

  return {
    run: (transaction) => runTransaction(parts, { open, onFailure, answered }, transaction),
    await: (request, onResponse) => {
      open.set(keyOf(request, request.method), { request, onResponse });
    },
    take: (message) => {
      if (message.kind === 'request') parts.onRequest(message);
      else takeResponse(message);
    },
    fail: (reason) => {
      for (const fail of [...onFailure]) fail(reason);
    },
  };
}

async function runTransaction(
  { socket, timing }: Parts,
  { open, onFailure, answered }: Books,
  transaction: Transaction,
): Promise<TransactionEnd> {
  const { request, signal } = transaction;
  if (signal?.aborted === true) return { kind: 'stopped' };
  const key = keyOf(request, request.method);
  const over = new AbortController();
  const proceeding = new AbortController();
  const end = await new Promise<TransactionEnd>((resolve) => {
    const stop = (): void => resolve({ kind: 'stopped' });
    const fail = (reason: string): void => resolve({ kind: 'unreachable', reason });
    signal?.addEventListener('abort', stop, { once: true });
    onFailure.add(fail);
    over.signal.addEventListener('abort', () => {
      signal?.removeEventListener('abort', stop);
      onFailure.delete(fail);
    });
    open.set(key, {
      request,
      onResponse: (response) => {
        if (response.status >= 200) resolve({ kind: 'answered', response });
        else {
          if (request.method === 'INVITE') proceeding.abort();
          transaction.onProvisional?.(response);
        }
      },
    });
    void repeat(socket, timing, request, AbortSignal.any([over.signal, proceeding.signal]));
    quiet(sleep(transaction.withinMs, undefined, { signal: over.signal }), () =>
      resolve({ kind: 'silent' }),
    );
  });
  over.abort();
  open.delete(key);
  if (request.method === 'INVITE') answered.set(key, request);
  return end;
}

async function repeat(
  socket: () => SipSocket | undefined,
  timing: SipTiming,
  request: SipRequest,
  until: AbortSignal,
): Promise<void> {
  let pauseMs = timing.t1Ms;
  while (!until.aborted) {
    const open = socket();
    open?.send(request);
    // What goes over a stream is not lost on the way.
    if (open !== undefined && open.transport !== 'udp') return;
    await sleep(pauseMs, undefined, { signal: until }).catch(() => undefined);
    // A call is repeated at ever longer distances, everything else at T2 at most.
    pauseMs = request.method === 'INVITE' ? pauseMs * 2 : Math.min(pauseMs * 2, timing.t2Ms);
  }
}

/** A CANCEL has the branch of its call. */
function keyOf(message: SipMessage, method: string): string {
  return `${branchOf(message) ?? ''} ${method}`;
}

/** Acknowledges an unsuccessful answer; it belongs to the call's own transaction (17.1.1.3). */
function ackOf(invite: SipRequest, response: SipResponse): SipRequest {
  const kept = invite.headers.filter(([name]) =>
    ['Via', 'From', 'Call-ID', 'Max-Forwards', 'Route'].includes(name),
  );
  const sequence = headerValue(invite, 'CSeq')?.split(' ')[0] ?? '1';
  return {
    ...invite,
    method: 'ACK',
    headers: [...kept, ['To', headerValue(response, 'To') ?? ''], ['CSeq', `${sequence} ACK`]],
    body: '',
  };
}

function quiet(waiting: Promise<unknown>, then: () => void): void {
  waiting.then(then, () => undefined);
}
