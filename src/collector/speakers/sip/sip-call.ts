/**
 * A call to a speaker that answers by itself: every maker reads another header for that, so all are sent together. It is
 * entered into the book before it goes out, and struck when its end is confirmed. Whatever ends the waiting early, the speaker is not left ringing or listening: the call is cancelled, and an answer that
 * crosses the cancelling is acknowledged and ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CodecName } from '../rtp/audio-codec.ts';
import type { CallBook, OpenCall } from './call-book.ts';
import { bareInvite, cancelOf, dialogueOf, openCallOf } from './dialogue.ts';
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
import type { SipRequest, SipResponse } from './sip-message.ts';
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
  const { end, ringing } = await invite({ client, peer, body, book, signal });
  if (end.kind !== 'answered' || end.response.status >= 300) {
    onStrayAnswer = (response) => endLateCall(client, response);
    void giveUp({ client, peer, book }, end, ringing);
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

type Inviting = Pick<HeldCall, 'client' | 'peer' | 'book'> &
  Readonly<{ body: string; signal: AbortSignal }>;

/** `ringing`: the call that the speaker has begun to handle. */
async function invite(
  inviting: Inviting,
  sessionSeconds = usualSessionSeconds,
): Promise<Readonly<{ end: TransactionEnd; ringing: SipRequest | undefined }>> {
  const { client, peer, book, body, signal } = inviting;
  let sent: SipRequest | undefined;
  let isProceeding = false;
  const end = await client.ask({
    method: 'INVITE',
    headers: [...autoAnswer(client.localAddress), ...sessionTimerHeaders(sessionSeconds), ...sdp],
    body,
    withinMs: peer.timing.answerWithinMs,
    signal,
    onProvisional: () => {
      isProceeding = true;
    },
    onSent: async (request) => {
      sent = request;
      isProceeding = false;
      const ringing = { invite: bareInvite(request), localPort: client.localPort };
      await book.enter({ ...client.conversation(), routes: [], ringing });
    },
  });
  const least = end.kind === 'answered' ? leastSession(end.response) : undefined;
  return least !== undefined && least > sessionSeconds
    ? invite(inviting, least)
    : { end, ringing: isProceeding ? sent : undefined };
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
  { client, peer: { timing }, book }: Pick<HeldCall, 'client' | 'peer' | 'book'>,
  end: TransactionEnd,
  invite: SipRequest | undefined,
): Promise<void> {
  const { callId } = client.conversation();
  if (end.kind === 'stopped' || end.kind === 'silent') {
    if (invite !== undefined) {
      await client.run({ request: cancelOf(invite), withinMs: timing.requestWithinMs });
    }
    await book.strike(callId);
    await sleep(lingerT1 * timing.t1Ms);
  } else {
    await book.strike(callId);
  }
  if (end.kind === 'answered') {
    // The acknowledgement may be lost; then the refusal comes again.
    await sleep(timing.t1Ms * 2);
  }
  client.close();
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
