/**
 * Ends calls that nobody holds any more: a process that was killed cannot hang up, and a BYE that got no answer may not have
 * arrived. The BYE comes from another socket; a call is known by its Call-ID and tags, whatever way the request came.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallBook, OpenCall } from './call-book.ts';
import { cancelOf, dialogueOf, openCallOf } from './dialogue.ts';
import { type Conversation, openSipClient, type SipClient, type SipPeer } from './sip-client.ts';
import type { SipResponse } from './sip-message.ts';

/** Above whatever was asked within the call before (RFC 3261, 12.2.1.1). */
const sequenceLeap = 1000;

type Clearing = Readonly<{
  again: (signal?: AbortSignal) => Promise<void>;
  /** Before a call. A speaker that does not answer is not waited for: it will not take the next call either. */
  first: () => Promise<void>;
}>;

/** A speaker that still holds an earlier call is busy for the next one. */
export function createClearing(peer: SipPeer, book: CallBook): Clearing {
  const { t1Ms } = peer.timing;
  let last: Promise<void> | undefined;
  let isRinging = false;
  const again = (signal?: AbortSignal): Promise<void> => {
    last = endLeftCalls(peer, book, signal, ({ ringing }) => {
      isRinging = ringing !== undefined;
    });
    return last;
  };
  const patience = async (): Promise<void> => {
    await sleep(2 * t1Ms);
    if (isRinging) await sleep(listenMs(peer));
  };
  return { again, first: () => Promise.race([last ?? again(), patience()]) };
}

/** Never rejects. What cannot be ended now stays in the book for the next time. */
async function endLeftCalls(
  peer: SipPeer,
  book: CallBook,
  signal: AbortSignal | undefined,
  onNext: (call: OpenCall) => void,
): Promise<void> {
  for (const { call, isOld } of await book.left()) {
    if (signal?.aborted === true) return;
    onNext(call);
    const ended =
      call.ringing === undefined
        ? await end(peer, call, signal)
        : await endRinging(peer, call, call.ringing);
    if (ended || isOld) await book.strike(call.callId);
  }
}

async function end(
  peer: SipPeer,
  call: OpenCall,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { callId, fromTag, sequence } = call;
  const conversation = { callId, fromTag, sequence: sequence + sequenceLeap };
  const opened = await openSipClient(peer, {}, conversation);
  if (!opened.ok) return false;
  const isEnded = await farewell(peer, opened.client, call, signal);
  opened.client.close();
  return isEnded;
}

/** A device that does not know the call any more says so (481). */
async function farewell(
  peer: SipPeer,
  client: SipClient,
  call: OpenCall,
  signal?: AbortSignal,
): Promise<boolean> {
  const said = await client.ask({
    method: 'BYE',
    ...dialogueOf(call),
    withinMs: peer.timing.requestWithinMs,
    ...(signal === undefined ? {} : { signal }),
  });
  const status = said.kind === 'answered' ? said.response.status : 0;
  return (status >= 200 && status < 300) || [404, 408, 481].includes(status);
}

/** A device that has taken a call says so until it is acknowledged, at most T2 apart (RFC 3261, 13.3.1.4). */
function listenMs({ timing }: SipPeer): number {
  return timing.t2Ms + timing.t1Ms;
}

/**
 * Whether the device rings still or has taken the call nobody knows: it is cancelled, and where its answers went to it is
 * listened for one that says it was taken; that one is acknowledged and ended.
 */
async function endRinging(
  peer: SipPeer,
  call: OpenCall,
  { invite, localPort }: NonNullable<OpenCall['ringing']>,
): Promise<boolean> {
  const opened = await openWhere(peer, call, localPort);
  if (!opened.ok) return false;
  const { client } = opened;
  const answer = new Promise<SipResponse>((resolve) =>
    client.await(invite, (response) => {
      if (response.status < 200) return;
      if (response.status < 300)
        client.send(client.request({ method: 'ACK', ...dialogueOf(openCallOf(client, response)) }));
      resolve(response);
    }),
  );
  const [cancelled, answered] = await Promise.all([
    client.run({ request: cancelOf(invite), withinMs: peer.timing.requestWithinMs }),
    Promise.race([answer, sleep(listenMs(peer))]),
  ]);
  const isTaken = answered !== undefined && answered.status < 300;
  const isEnded = isTaken
    ? await farewell(peer, client, openCallOf(client, answered))
    : cancelled.kind === 'answered';
  client.close();
  return isEnded;
}

/** Another program may have the port by now; then only the cancelling is heard of. */
async function openWhere(peer: SipPeer, conversation: Conversation, localPort: number) {
  const there = await openSipClient({ ...peer, localPort }, {}, conversation);
  return there.ok ? there : openSipClient(peer, {}, conversation);
}
