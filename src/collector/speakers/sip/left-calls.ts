/**
 * Ends calls that nobody holds any more: a process that was killed cannot hang up, and a BYE that got no answer may not have
 * arrived. The BYE comes from another socket; a call is known by its Call-ID and tags, whatever way the request came.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallBook, OpenCall } from './call-book.ts';
import { openSipClient, type SipPeer } from './sip-client.ts';

/** Above whatever was asked within the call before (RFC 3261, 12.2.1.1). */
const sequenceLeap = 1000;

type Clearing = Readonly<{
  again: (signal?: AbortSignal) => Promise<void>;
  /** Before a call. A speaker that does not answer is not waited for: it will not take the next call either. */
  first: () => Promise<void>;
}>;

/** A speaker that still holds an earlier call is busy for the next one. */
export function createClearing(peer: SipPeer, book: CallBook): Clearing {
  let last: Promise<void> | undefined;
  const again = (signal?: AbortSignal): Promise<void> => {
    last = endLeftCalls(peer, book, signal);
    return last;
  };
  return { again, first: () => Promise.race([last ?? again(), sleep(2 * peer.timing.t1Ms)]) };
}

/** Never rejects. What cannot be ended now stays in the book for the next time. */
async function endLeftCalls(peer: SipPeer, book: CallBook, signal?: AbortSignal): Promise<void> {
  for (const { call, isOld } of await book.left()) {
    if (signal?.aborted === true) return;
    if ((await end(peer, call, signal)) || isOld) await book.strike(call.callId);
  }
}

/** A device that does not know the call any more says so (481). */
async function end(peer: SipPeer, call: OpenCall, signal?: AbortSignal): Promise<boolean> {
  const { callId, fromTag, sequence } = call;
  const conversation = { callId, fromTag, sequence: sequence + sequenceLeap };
  const opened = await openSipClient(peer, {}, conversation);
  if (!opened.ok) return false;
  const { client } = opened;
  const farewell = await client.ask({
    method: 'BYE',
    ...dialogueOf(call),
    withinMs: peer.timing.requestWithinMs,
    ...(signal === undefined ? {} : { signal }),
  });
  client.close();
  const status = farewell.kind === 'answered' ? farewell.response.status : 0;
  return (status >= 200 && status < 300) || [404, 408, 481].includes(status);
}

/** What a request within the call bears. */
export function dialogueOf({ uri, toTag, routes }: Pick<OpenCall, 'uri' | 'toTag' | 'routes'>) {
  return {
    ...(uri === undefined ? {} : { uri }),
    ...(toTag === undefined ? {} : { toTag }),
    headers: routes.map((route) => ['Route', route] as const),
  };
}
