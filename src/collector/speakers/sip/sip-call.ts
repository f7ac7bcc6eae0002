/**
 * A call to a speaker that answers by itself: every maker reads another header for that, so all are sent together. It is
 * entered into the book before the speaker learns that its answer has come, and struck when its end is confirmed. Whatever ends the waiting early, the speaker is not left ringing or listening: the call is cancelled, and an answer that
 * crosses the cancelling is acknowledged and ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CodecName } from '../rtp/audio-codec.ts';
import type { CallBook, OpenCall } from './call-book.ts';
import { dialogueOf } from './left-calls.ts';
import { type AgreedSound, agreedSound, soundOffer } from './session-offer.ts';
import {
  agreedSession,
  keepSession,
  knowsUpdate,
  leastSession,
  sessionTimerHeaders,
  usualSessionSeconds,
} from './session-timer.ts';
import { openSipClient, type SipClient, type SipPeer } from './sip-client.ts';
import {
  headerValue,
  headerValues,
  type SipRequest,
  type SipResponse,
  tagOf,
  uriOf,
} from './sip-message.ts';
import type { SipTiming } from './sip-timing.ts';
import type { TransactionEnd } from './sip-transactions.ts';

export type SipCall = Readonly<{
  sound: AgreedSound;
  /** Aborted when the speaker ends the call. */
  ended: AbortSignal;
  /** The answer to it tells whether the speaker was there to the end. */
  hangUp: () => Promise<TransactionEnd>;
}>;

export type Dialled =
  | Readonly<{ kind: 'answered'; call: SipCall }>
  | Readonly<{ kind: 'no-sound' }>
  | Readonly<{ kind: 'refused'; end: TransactionEnd }>;

export type CallOffer = Readonly<{ rtpPort: number; codecs: readonly CodecName[] }>;

/** Answers may come for so long after the caller has given up, in T1. */
const lingerT1 = 4;
const byItself = 'the speaker ended it';
const sdp: SipRequest['headers'] = [['Content-Type', 'application/sdp']];

export async function dial(
  peer: SipPeer,
  offer: CallOffer,
  book: CallBook,
  signal: AbortSignal,
): Promise<Dialled> {
  const remoteEnd = new AbortController();
  let onStrayAnswer = (_response: SipResponse): void => undefined;
  const opened = await openSipClient(peer, {
    onBye: () => remoteEnd.abort(byItself),
    onStrayAnswer: (response) => onStrayAnswer(response),
  });
  if (!opened.ok) {
    return { kind: 'refused', end: { kind: 'unreachable', reason: opened.reason } };
  }
  const { client } = opened;
  const body = soundOffer(client.localAddress, offer.rtpPort, offer.codecs);
  const { end, ringing } = await invite(client, peer.timing, body, signal);
  if (end.kind !== 'answered' || end.response.status >= 300) {
    onStrayAnswer = (response) => endLateCall(client, response);
    void giveUp(client, peer, end, ringing);
    return { kind: 'refused', end };
  }
  const call = openCallOf(client, end.response);
  await book.enter(call);
  const acknowledge = (): void =>
    client.send(client.request({ method: 'ACK', ...dialogueOf(call) }));
  acknowledge();
  onStrayAnswer = acknowledge;
  const held: HeldCall = { client, peer, call, book, remoteEnd, over: new AbortController() };
  void watchSession(held, end.response, body);
  const sound = agreedSound(end.response.body, offer.codecs);
  if (sound !== undefined) {
    const ended = remoteEnd.signal;
    return { kind: 'answered', call: { sound, ended, hangUp: () => hangUp(held) } };
  }
  await hangUp(held);
  return { kind: 'no-sound' };
}

/** `ringing`: the call that the speaker has begun to handle. */
async function invite(
  client: SipClient,
  timing: SipTiming,
  body: string,
  signal: AbortSignal,
  sessionSeconds = usualSessionSeconds,
): Promise<Readonly<{ end: TransactionEnd; ringing: SipRequest | undefined }>> {
  let sent: SipRequest | undefined;
  let isProceeding = false;
  const end = await client.ask({
    method: 'INVITE',
    headers: [...autoAnswer(client.localAddress), ...sessionTimerHeaders(sessionSeconds), ...sdp],
    body,
    withinMs: timing.answerWithinMs,
    signal,
    onProvisional: () => {
      isProceeding = true;
    },
    onSent: (request) => {
      sent = request;
      isProceeding = false;
    },
  });
  const least = end.kind === 'answered' ? leastSession(end.response) : undefined;
  return least !== undefined && least > sessionSeconds
    ? invite(client, timing, body, signal, least)
    : { end, ringing: isProceeding ? sent : undefined };
}

/** Where the requests after the answer go (RFC 3261, 12.1.2). */
function openCallOf(client: SipClient, response: SipResponse): OpenCall {
  const uri = uriOf(headerValue(response, 'Contact'));
  const toTag = tagOf(headerValue(response, 'To'));
  const routes = headerValues(response, 'Record-Route').flatMap((value) =>
    value.split(/,\s*(?=<)/),
  );
  return {
    ...client.conversation(),
    ...(uri === undefined ? {} : { uri }),
    ...(toTag === undefined ? {} : { toTag }),
    routes: routes.toReversed(),
  };
}

type HeldCall = Readonly<{
  client: SipClient;
  peer: SipPeer;
  call: OpenCall;
  book: CallBook;
  /** The speaker has ended it, or does not know it any more. */
  remoteEnd: AbortController;
  /** It has been ended from here. */
  over: AbortController;
}>;

async function hangUp({ client, peer, call, book, remoteEnd, over }: HeldCall) {
  over.abort();
  const end: TransactionEnd =
    remoteEnd.signal.reason === byItself
      ? { kind: 'stopped' }
      : await client.ask({
          method: 'BYE',
          withinMs: peer.timing.requestWithinMs,
          ...dialogueOf(call),
        });
  client.close();
  if (end.kind === 'answered' || end.kind === 'stopped') await book.strike(call.callId);
  else book.lose(call.callId);
  return end;
}

async function watchSession(
  { client, peer, call, remoteEnd, over }: HeldCall,
  answered: SipResponse,
  body: string,
): Promise<void> {
  const seconds = agreedSession(answered);
  if (seconds === undefined) return;
  const withinMs = peer.timing.requestWithinMs;
  const { headers: routes, ...dialogue } = dialogueOf(call);
  const headers = [...routes, ...sessionTimerHeaders(seconds)];
  const refresh = async (): Promise<TransactionEnd> => {
    if (knowsUpdate(answered))
      return client.ask({ method: 'UPDATE', ...dialogue, headers, withinMs });
    const again = { ...dialogue, headers: [...headers, ...sdp], body, withinMs };
    const end = await client.ask({ method: 'INVITE', ...again });
    if (end.kind === 'answered' && end.response.status < 300)
      client.send(client.request({ method: 'ACK', ...dialogue, headers: routes }));
    return end;
  };
  const either = AbortSignal.any([over.signal, remoteEnd.signal]);
  if ((await keepSession(seconds, refresh, either)) === 'lost') remoteEnd.abort();
}

/** Cancels the call when the speaker has begun to handle it, and stays a moment for what is on its way. */
async function giveUp(
  client: SipClient,
  { timing }: SipPeer,
  end: TransactionEnd,
  invite: SipRequest | undefined,
): Promise<void> {
  if (end.kind === 'stopped' || end.kind === 'silent') {
    if (invite !== undefined) {
      await client.run({ request: cancelOf(invite), withinMs: timing.requestWithinMs });
    }
    await sleep(lingerT1 * timing.t1Ms);
  } else if (end.kind === 'answered') {
    // The acknowledgement may be lost; then the refusal comes again.
    await sleep(timing.t1Ms * 2);
  }
  client.close();
}

function cancelOf(invite: SipRequest): SipRequest {
  const kept = invite.headers.filter(([name]) =>
    ['Via', 'From', 'To', 'Call-ID', 'Max-Forwards', 'Route'].includes(name),
  );
  const sequence = headerValue(invite, 'CSeq')?.split(' ')[0] ?? '1';
  return {
    ...invite,
    method: 'CANCEL',
    headers: [...kept, ['CSeq', `${sequence} CANCEL`]],
    body: '',
  };
}

function endLateCall(client: SipClient, response: SipResponse): void {
  const dialogue = dialogueOf(openCallOf(client, response));
  client.send(client.request({ method: 'ACK', ...dialogue }));
  client.send(client.request({ method: 'BYE', ...dialogue }));
}

function autoAnswer(host: string): SipRequest['headers'] {
  return [
    ['Call-Info', `<sip:${host}>;answer-after=0`],
    ['Alert-Info', `<http://${host}>;info=alert-autoanswer;delay=0`],
    ['Answer-Mode', 'Auto'],
    ['P-Auto-Answer', 'normal'],
    ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS'],
  ];
}
