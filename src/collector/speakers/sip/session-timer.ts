/**
 * Session timers (RFC 4028): this side promises to say again and again that the call still goes on, and a device that keeps
 * watch ends a call by itself when nobody does: also when this machine has lost its power or its network.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { headerValue, headerValues, type SipRequest, type SipResponse } from './sip-message.ts';
import type { TransactionEnd } from './sip-transactions.ts';

/** The least that the RFC allows. */
export const usualSessionSeconds = 90;

export function sessionTimerHeaders(seconds: number): SipRequest['headers'] {
  return [
    ['Supported', 'timer'],
    ['Session-Expires', `${seconds};refresher=uac`],
    ['Min-SE', String(usualSessionSeconds)],
  ];
}

/** What a device, or a server on the way, wants instead of an interval that it found too short (422). */
export function leastSession(response: SipResponse): number | undefined {
  const least = Number(headerValue(response, 'Min-SE')?.split(';')[0]);
  return response.status === 422 && least > 0 ? least : undefined;
}

/** For how long the device holds the call without being told; undefined when it does not keep watch. */
export function agreedSession(response: SipResponse): number | undefined {
  const seconds = Number(headerValue(response, 'Session-Expires')?.split(';')[0]);
  return seconds > 0 ? seconds : undefined;
}

export function knowsUpdate(response: SipResponse): boolean {
  return headerValues(response, 'Allow').some((methods) => /\bUPDATE\b/i.test(methods));
}

/** Says at every half of the interval that the call goes on; answers when the device knows nothing of it any more. */
export async function keepSession(
  firstSeconds: number,
  refresh: () => Promise<TransactionEnd>,
  over: AbortSignal,
): Promise<'lost' | 'over'> {
  for (let seconds = firstSeconds; ; ) {
    await sleep(seconds * 500, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return 'over';
    const end = await refresh();
    if (over.aborted) return 'over';
    const isKnown = end.kind === 'answered' && ![408, 481].includes(end.response.status);
    if (!isKnown) return 'lost';
    seconds = agreedSession(end.response) ?? seconds;
  }
}
