/**
 * Digest access authentication as a client (RFC 7616; RFC 3261, 22 for SIP): MD5 and SHA-256, with `auth` or, for old
 * devices, without any quality of protection. The password never leaves this file but as part of a hash.
 */
import { createHash, randomBytes } from 'node:crypto';

export type Credentials = Readonly<{ username: string; password: string }>;

export type DigestRequest = Readonly<{ method: string; uri: string }>;

type Challenge = Readonly<{
  realm: string;
  nonce: string;
  hash: 'md5' | 'sha256';
  algorithm?: string;
  opaque?: string;
  hasAuth: boolean;
}>;

/** The value of the (Proxy-)Authorization header; undefined when none of the challenges can be answered. */
export function digestAuthorization(
  challenges: readonly string[],
  { username, password }: Credentials,
  { method, uri }: DigestRequest,
  clientNonce: string = randomBytes(8).toString('hex'),
): string | undefined {
  const challenge = challenges.map(readChallenge).find((read) => read !== undefined);
  if (challenge === undefined) return undefined;
  const { realm, nonce, opaque, algorithm, hasAuth } = challenge;
  const hash = (text: string): string => createHash(challenge.hash).update(text).digest('hex');
  const secret = hash(`${username}:${realm}:${password}`);
  const what = hash(`${method}:${uri}`);
  const count = '00000001';
  const response = hasAuth
    ? hash(`${secret}:${nonce}:${count}:${clientNonce}:auth:${what}`)
    : hash(`${secret}:${nonce}:${what}`);
  const quoted = {
    username,
    realm,
    nonce,
    uri,
    response,
    ...(opaque === undefined ? {} : { opaque }),
  };
  return [
    `Digest ${Object.entries(quoted)
      .map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`)
      .join(', ')}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(hasAuth ? [`qop=auth, nc=${count}, cnonce="${clientNonce}"`] : []),
  ].join(', ');
}

function readChallenge(header: string): Challenge | undefined {
  if (!/^digest\s/i.test(header)) return undefined;
  const fields = new Map(
    [...header.matchAll(/([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi)].map(
      ([, name = '', quoted, bare = '']) => [
        name.toLowerCase(),
        quoted?.replaceAll(/\\(.)/g, '$1') ?? bare,
      ],
    ),
  );
  const nonce = fields.get('nonce');
  const algorithm = fields.get('algorithm');
  const opaque = fields.get('opaque');
  const qualities = fields
    .get('qop')
    ?.split(',')
    .map((quality) => quality.trim().toLowerCase());
  const hash = /^(md5|sha-256)$/i.exec(algorithm ?? 'md5')?.[1]?.toLowerCase();
  if (nonce === undefined || hash === undefined) return undefined;
  if (qualities !== undefined && !qualities.includes('auth')) return undefined;
  return {
    realm: fields.get('realm') ?? '',
    nonce,
    hash: hash === 'md5' ? 'md5' : 'sha256',
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(opaque === undefined ? {} : { opaque }),
    hasAuth: qualities !== undefined,
  };
}
