/** Sign-in at the RTSP server: Digest (RFC 2617, MD5) and Basic; without credentials everybody is admitted. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { headerOf, type RtspHeader, type RtspRequest } from '../edge/camera/rtsp-message.ts';

export type RtspCredentials = Readonly<{ username: string; password: string }>;

export type RtspGuard = Readonly<{
  admits: (request: RtspRequest) => boolean;
  challenge: () => readonly RtspHeader[];
}>;

const realm = 'haoguanjia-demo';

export function createRtspGuard(credentials: RtspCredentials | undefined): RtspGuard {
  const nonce = randomBytes(16).toString('hex');
  return {
    admits: (request) => {
      if (credentials === undefined) return true;
      const given = headerOf(request, 'Authorization') ?? '';
      return given.startsWith('Basic ')
        ? same(given, `Basic ${base64(`${credentials.username}:${credentials.password}`)}`)
        : given.startsWith('Digest ') && digestFits(given, request.method, nonce, credentials);
    },
    challenge: () => [
      ['WWW-Authenticate', `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5`],
      ['WWW-Authenticate', `Basic realm="${realm}"`],
    ],
  };
}

function digestFits(
  given: string,
  method: string,
  nonce: string,
  { username, password }: RtspCredentials,
): boolean {
  const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(given)?.[1] ?? '';
  if (field('nonce') !== nonce || field('username') !== username) return false;
  const secret = md5(`${username}:${realm}:${password}`);
  return same(field('response'), md5(`${secret}:${nonce}:${md5(`${method}:${field('uri')}`)}`));
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
