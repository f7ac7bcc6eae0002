/**
 * Answers to an RTSP challenge: Digest (RFC 2617 and 7616: MD5 and SHA-256, with and without qop, and their `-sess`
 * forms) and Basic. The strongest that is offered wins. Pure but for the client nonce, which is passed in.
 */
import { createHash } from 'node:crypto';

export type Challenge =
  | Readonly<{ scheme: 'basic' }>
  | Readonly<{
      scheme: 'digest';
      hash: 'md5' | 'sha256';
      session: boolean;
      realm: string;
      nonce: string;
      qop: boolean;
      stale: boolean;
      /** Given back as they came, where they came. */
      algorithm: string | undefined;
      opaque: string | undefined;
    }>;

type Attempt = Readonly<{
  credentials: Readonly<{ username: string; password: string }>;
  method: string;
  uri: string;
  /** How often this nonce has been used, from 1. */
  count: number;
  clientNonce: string;
}>;

/** The challenge to answer among all `WWW-Authenticate` headers; undefined when none can be. */
export function strongestChallenge(headers: readonly string[]): Challenge | undefined {
  const challenges = headers.flatMap((header) => readChallenge(header) ?? []);
  return challenges.sort((a, b) => strength(b) - strength(a))[0];
}

/** The value of the `Authorization` header. */
export function authorizationFor(challenge: Challenge, attempt: Attempt): string {
  const { username, password } = attempt.credentials;
  if (challenge.scheme === 'basic') {
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  const { realm, nonce } = challenge;
  const hash = (text: string) => createHash(challenge.hash).update(text).digest('hex');
  const plain = hash(`${username}:${realm}:${password}`);
  const secret = challenge.session ? hash(`${plain}:${nonce}:${attempt.clientNonce}`) : plain;
  const count = attempt.count.toString(16).padStart(8, '0');
  const what = hash(`${attempt.method}:${attempt.uri}`);
  const response = challenge.qop
    ? hash(`${secret}:${nonce}:${count}:${attempt.clientNonce}:auth:${what}`)
    : hash(`${secret}:${nonce}:${what}`);
  const fields = [
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(attempt.uri)}`,
    `response="${response}"`,
    ...(challenge.algorithm === undefined ? [] : [`algorithm=${challenge.algorithm}`]),
    ...(challenge.opaque === undefined ? [] : [`opaque=${quoted(challenge.opaque)}`]),
    ...(challenge.qop ? ['qop=auth', `nc=${count}`] : []),
    ...(challenge.qop || challenge.session ? [`cnonce="${attempt.clientNonce}"`] : []),
  ];
  return `Digest ${fields.join(', ')}`;
}

function readChallenge(header: string): Challenge | undefined {
  const scheme = /^(\w+)\b/.exec(header)?.[1]?.toLowerCase();
  if (scheme === 'basic') return { scheme };
  if (scheme !== 'digest') return undefined;
  const fields = readFields(header);
  const algorithm = fields.get('algorithm');
  const hash = /^(md5|sha-256)(-sess)?$/i.exec(algorithm ?? 'MD5');
  const qop = fields.get('qop');
  const nonce = fields.get('nonce');
  if (hash === null || nonce === undefined) return undefined;
  if (qop !== undefined && !/(^|[,\s])auth([,\s]|$)/i.test(qop)) return undefined;
  return {
    scheme,
    hash: hash[1]?.toLowerCase() === 'md5' ? 'md5' : 'sha256',
    session: hash[2] !== undefined,
    realm: fields.get('realm') ?? '',
    nonce,
    qop: qop !== undefined,
    stale: fields.get('stale')?.toLowerCase() === 'true',
    algorithm,
    opaque: fields.get('opaque'),
  };
}

function readFields(header: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const match of header.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    const [, name = '', inQuotes, bare] = match;
    fields.set(name.toLowerCase(), inQuotes?.replace(/\\(.)/g, '$1') ?? bare ?? '');
  }
  return fields;
}

function strength(challenge: Challenge): number {
  if (challenge.scheme === 'basic') return 0;
  return challenge.hash === 'md5' ? 1 : 2;
}

function quoted(text: string): string {
  return `"${text.replace(/(["\\])/g, '\\$1')}"`;
}
