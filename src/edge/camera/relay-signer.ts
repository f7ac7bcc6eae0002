/**
 * Signs the requests of one relayed connection: numbers them anew, answers the camera's challenge once for each
 * request, and judges the answers. The client never sees a challenge that could be answered.
 */
import { randomBytes } from 'node:crypto';
import type { RelayFailure } from './camera-failure.ts';
import type { CameraCredentials } from './camera-source.ts';
import { authorizationFor, type Challenge, strongestChallenge } from './rtsp-authorization.ts';
import {
  headerOf,
  headersOf,
  type RtspMessage,
  type RtspRequest,
  type RtspResponse,
} from './rtsp-message.ts';

/** `retry` goes to the camera again, `pass` to the client. */
type Verdict = Readonly<{ pass?: RtspResponse; retry?: RtspRequest; failure?: RelayFailure }>;

export type RelaySigner = Readonly<{
  sign: (request: RtspRequest) => RtspRequest;
  settle: (response: RtspResponse) => Verdict;
}>;

type Pending = Readonly<{ request: RtspRequest; nonceTried: string | undefined; signed: boolean }>;

/** Requests that may wait for an answer; a camera that answers none does not fill the memory. */
const mostPending = 64;

export function createRelaySigner(credentials: CameraCredentials | undefined): RelaySigner {
  const pending = new Map<string, Pending>();
  let challenge: Challenge | undefined;
  let [sequence, count] = [0, 0];

  const sign = (request: RtspRequest): RtspRequest => {
    sequence += 1;
    const number = String(sequence);
    const nonceTried = challenge?.scheme === 'digest' ? challenge.nonce : undefined;
    pending.set(number, { request, nonceTried, signed: challenge !== undefined });
    const oldest = pending.size > mostPending ? pending.keys().next().value : undefined;
    if (oldest !== undefined) pending.delete(oldest);
    const numbered = withHeader(request, 'CSeq', number);
    if (challenge === undefined || credentials === undefined) return numbered;
    count += 1;
    const clientNonce = randomBytes(8).toString('hex');
    const { method, url: uri } = request;
    const answer = authorizationFor(challenge, { credentials, method, uri, count, clientNonce });
    return withHeader(numbered, 'Authorization', answer);
  };

  return {
    sign,
    settle: (response) => {
      const number = headerOf(response, 'CSeq') ?? '';
      const asked = pending.get(number);
      pending.delete(number);
      const ownNumber = asked === undefined ? undefined : headerOf(asked.request, 'CSeq');
      const pass = ownNumber === undefined ? response : withHeader(response, 'CSeq', ownNumber);
      if (response.status === 401) {
        const offered = strongestChallenge(headersOf(response, 'WWW-Authenticate'));
        if (asked !== undefined && credentials !== undefined && mayAnswer(asked, offered)) {
          challenge = offered;
          count = 0;
          return { retry: sign(asked.request) };
        }
        const hadCredentials = credentials !== undefined;
        return { pass, failure: { kind: 'unauthorized', hadCredentials } };
      }
      if (response.status < 300 || isOptional(asked?.request.method)) return { pass };
      return {
        pass,
        failure: { kind: 'refused', status: response.status, reason: response.reason },
      };
    },
  };
}

/** A second answer is only due when the camera says that its nonce has grown old. */
function mayAnswer(asked: Pending, offered: Challenge | undefined): boolean {
  if (offered === undefined) return false;
  if (!asked.signed) return true;
  return offered.scheme === 'digest' && offered.stale && offered.nonce !== asked.nonceTried;
}

/** A camera that does not know the keep-alive request still sends pictures. */
function isOptional(method: string | undefined): boolean {
  return method === 'OPTIONS' || method === 'GET_PARAMETER' || method === 'TEARDOWN';
}

function withHeader<Message extends RtspMessage>(
  message: Message,
  name: string,
  value: string,
): Message {
  const others = message.headers.filter(([given]) => given.toLowerCase() !== name.toLowerCase());
  return { ...message, headers: [[name, value], ...others] };
}
