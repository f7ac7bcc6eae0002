/**
 * A call to a speaker that answers by itself: every maker reads another header for that, so all are sent together.
 * Whatever ends the waiting early, the speaker is not left ringing or listening: the call is cancelled, and an answer that
 * crosses the cancelling is acknowledged and ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CodecName } from '../rtp/audio-codec.ts';
import { type AgreedSound, agreedSound, soundOffer } from './session-offer.ts';
import { openSipClient, type SipClient, type SipPeer } from './sip-client.ts';
import {
  headerValue,
  headerValues,
  type SipRequest,
  type SipResponse,
  tagOf,
  uriOf,
} from './sip-message.ts';
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

export async function dial(peer: SipPeer, offer: CallOffer, signal: AbortSignal): Promise<Dialled> {
  const remoteEnd = new AbortController();
  let onStrayAnswer = (_response: SipResponse): void => undefined;
  const opened = await openSipClient(peer, {
    onBye: () => remoteEnd.abort(),
    onStrayAnswer: (response) => onStrayAnswer(response),
  });
  if (!opened.ok) {
    return { kind: 'refused', end: { kind: 'unreachable', reason: opened.reason } };
  }
  const { client } = opened;
  let invite: SipRequest | undefined;
  let isProceeding = false;
  const end = await client.ask({
    method: 'INVITE',
    headers: [...autoAnswer(client.localAddress), ['Content-Type', 'application/sdp']],
    body: soundOffer(client.localAddress, offer.rtpPort, offer.codecs),
    withinMs: peer.timing.answerWithinMs,
    signal,
    onProvisional: () => {
      isProceeding = true;
    },
    onSent: (sent) => {
      invite = sent;
      isProceeding = false;
    },
  });
  if (end.kind !== 'answered' || end.response.status >= 300) {
    onStrayAnswer = (response) => endLateCall(client, response);
    void giveUp(client, peer, end, isProceeding ? invite : undefined);
    return { kind: 'refused', end };
  }
  const dialogue = dialogueOf(end.response);
  const ack = client.request({ method: 'ACK', ...dialogue });
  client.send(ack);
  onStrayAnswer = () => client.send(ack);
  const hangUp = hanger(client, peer, dialogue, remoteEnd.signal);
  const sound = agreedSound(end.response.body, offer.codecs);
  if (sound !== undefined) {
    return { kind: 'answered', call: { sound, ended: remoteEnd.signal, hangUp } };
  }
  await hangUp();
  return { kind: 'no-sound' };
}

type Dialogue = Readonly<{ uri?: string; toTag?: string; headers: SipRequest['headers'] }>;

/** Where the requests after the answer go (RFC 3261, 12.1.2). */
function dialogueOf(response: SipResponse): Dialogue {
  const uri = uriOf(headerValue(response, 'Contact'));
  const toTag = tagOf(headerValue(response, 'To'));
  const routes = headerValues(response, 'Record-Route').flatMap((value) =>
    value.split(/,\s*(?=<)/),
  );
  return {
    ...(uri === undefined ? {} : { uri }),
    ...(toTag === undefined ? {} : { toTag }),
    headers: routes.toReversed().map((route) => ['Route', route] as const),
  };
}

function hanger(
  client: SipClient,
  peer: SipPeer,
  dialogue: Dialogue,
  ended: AbortSignal,
): () => Promise<TransactionEnd> {
  return async () => {
    const end: TransactionEnd = ended.aborted
      ? { kind: 'stopped' }
      : await client.ask({ method: 'BYE', withinMs: peer.timing.requestWithinMs, ...dialogue });
    client.close();
    return end;
  };
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
  const dialogue = dialogueOf(response);
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
