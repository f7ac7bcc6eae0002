/**
 * HTTP towards a speaker or camera: small requests, and uploads that last as long as the sound. Both know the demand for a
 * password (Digest). A connection of its own for each, because such devices keep few and forget them.
 */

import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { because } from '../../../contract/reason.ts';
import { type Credentials, digestAuthorization } from '../digest-authorization.ts';
import type { Refused } from '../speaker.ts';

export type HttpPeer = Readonly<{
  /** `http://host:port` or `https://host:port`. */
  url: string;
  credentials: () => Credentials | undefined;
  timeoutMs: number;
  /** PEM of the authority that signed its certificate; the system's, when absent. */
  ca?: () => Buffer;
}>;

export type Asked = Readonly<{ method: string; path: string }>;

export type Answer =
  | Readonly<{ ok: true; body: string }>
  | Readonly<{ ok: false; refused: Refused }>;

/** How the password is shown; undefined when none is demanded. */
type Authorized =
  | Readonly<{ ok: true; authorization?: string }>
  | Readonly<{ ok: false; refused: Refused }>;

const mostBodyBytes = 64 * 1024;

export async function askDevice(peer: HttpPeer, asked: Asked): Promise<Answer> {
  const first = await once(peer, asked, {});
  if (!first.ok || first.status !== 401) return answerOf(peer, first);
  const authorization = authorizationFor(peer, asked, first.challenges);
  if (authorization === undefined) return answerOf(peer, first);
  return answerOf(peer, await once(peer, asked, { authorization }));
}

/** Finds out what an upload will have to show, without its sound; `instead` is asked when asking alone would do something. */
export async function authorize(
  peer: HttpPeer,
  asked: Asked,
  instead: Asked = asked,
): Promise<Authorized> {
  const first = await once(peer, instead, {});
  if (!first.ok) return first;
  if (first.status !== 401) return { ok: true };
  const authorization = authorizationFor(peer, asked, first.challenges);
  return authorization === undefined
    ? { ok: false, refused: refusedBy(peer, first.status) }
    : { ok: true, authorization };
}

export function startRequest(
  peer: HttpPeer,
  { method, path }: Asked,
  headers: Readonly<Record<string, string>>,
): ClientRequest {
  const start = peer.url.startsWith('https:') ? httpsRequest : httpRequest;
  const ca = peer.ca === undefined ? {} : { ca: peer.ca() };
  const options = { method, headers, agent: false, timeout: peer.timeoutMs, ...ca };
  return start(new URL(path, peer.url), options);
}

type Response =
  | Readonly<{ ok: true; status: number; challenges: readonly string[]; body: string }>
  | Readonly<{ ok: false; refused: Refused }>;

function once(
  peer: HttpPeer,
  asked: Asked,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve({ ok: false, refused: unreachable(peer, error) });
    const sent = startRequest(peer, asked, { 'content-length': '0', ...headers });
    sent.on('timeout', () => sent.destroy(new Error('it did not answer in time')));
    sent.on('error', fail);
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const challenges = challengesOf(response);
      read(response).then((body) => resolve({ ok: true, status, challenges, body }), fail);
    });
    sent.end();
  });
}

async function read(response: IncomingMessage): Promise<string> {
  let body = '';
  response.setEncoding('utf8');
  for await (const part of response) {
    body += part;
    if (body.length > mostBodyBytes) break;
  }
  return body;
}

function challengesOf({ rawHeaders }: IncomingMessage): readonly string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'www-authenticate',
  );
}

function authorizationFor(
  { credentials }: HttpPeer,
  { method, path }: Asked,
  challenges: readonly string[],
): string | undefined {
  const known = credentials();
  return known && digestAuthorization(challenges, known, { method, uri: path });
}

function answerOf(peer: HttpPeer, response: Response): Answer {
  if (!response.ok) return response;
  const { status, body } = response;
  return status >= 200 && status < 300
    ? { ok: true, body }
    : { ok: false, refused: refusedBy(peer, status) };
}

/** What the device's answer means for the operator. */
export function refusedBy({ url, credentials }: HttpPeer, status: number): Refused {
  switch (status) {
    case 401:
    case 403:
      return {
        kind: 'refused',
        reason:
          credentials() === undefined
            ? because('speaker-wants-password', { place: url, said: status })
            : because('speaker-wrong-password', { place: url, said: status }),
      };
    case 404:
      return {
        kind: 'refused',
        reason: because('speaker-unknown-request', { place: url }),
      };
    case 409:
    case 503:
      return { kind: 'busy', reason: because('speaker-busy', { place: url, said: status }) };
    default:
      return {
        kind: 'refused',
        reason: because('speaker-refused-status', { place: url, said: status }),
      };
  }
}

export function unreachable({ url }: HttpPeer, error: Error): Refused {
  const code = 'code' in error ? String(error.code) : undefined;
  return {
    kind: 'unreachable',
    reason: because('speaker-unreachable', { place: url, error: code ?? error.message }),
  };
}
