/** Requests that belong to a call: within it once it is taken (RFC 3261, 12), and the one that takes it back before (9.1). */
import type { OpenCall } from './call-book.ts';
import type { SipClient } from './sip-client.ts';
import {
  headerValue,
  headerValues,
  type SipRequest,
  type SipResponse,
  tagOf,
  uriOf,
} from './sip-message.ts';

/** What a request within the call bears. */
export function dialogueOf({ uri, toTag, routes }: Pick<OpenCall, 'uri' | 'toTag' | 'routes'>) {
  return {
    ...(uri === undefined ? {} : { uri }),
    ...(toTag === undefined ? {} : { toTag }),
    headers: routes.map((route) => ['Route', route] as const),
  };
}

/** Where the requests after the answer go (RFC 3261, 12.1.2). */
export function openCallOf(
  client: Pick<SipClient, 'conversation'>,
  response: SipResponse,
): OpenCall {
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

/** By what the device knows the call: nothing of its sound, and no password. */
export function bareInvite(invite: SipRequest): SipRequest {
  const kept = ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Route'];
  const headers = invite.headers.filter(([name]) => kept.includes(name));
  return { ...invite, headers, body: '' };
}

export function cancelOf(invite: SipRequest): SipRequest {
  const { headers, ...bare } = bareInvite(invite);
  const sequence = headerValue(invite, 'CSeq')?.split(' ')[0] ?? '1';
  return {
    ...bare,
    method: 'CANCEL',
    headers: [...headers.filter(([name]) => name !== 'CSeq'), ['CSeq', `${sequence} CANCEL`]],
  };
}
