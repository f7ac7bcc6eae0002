/** Answers to challenges, checked against the examples of the standards. */
import { describe, expect, test } from 'vitest';
import { authorizationFor, strongestChallenge } from './rtsp-authorization.ts';

const attempt = {
  credentials: { username: 'Mufasa', password: 'Circle Of Life' },
  method: 'GET',
  uri: '/dir/index.html',
  count: 1,
  clientNonce: '0a4f113b',
};

function answerTo(header: string, changed: Partial<typeof attempt> = {}): string {
  const challenge = strongestChallenge([header]);
  if (challenge === undefined) throw new Error('the challenge was not understood');
  return authorizationFor(challenge, { ...attempt, ...changed });
}

describe('an answer to a challenge', () => {
  test('is the digest of the example in RFC 2617', () => {
    const answer = answerTo(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    );
    expect(answer).toContain('response="6629fae49393a05397450978507c4ef1"');
    expect(answer).toContain('nc=00000001');
    expect(answer).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"');
  });

  test.each([
    { algorithm: 'MD5', response: '8ca523f5e9506fed4657c9700eebdbec' },
    {
      algorithm: 'SHA-256',
      response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    },
  ])('is the $algorithm digest of the example in RFC 7616', ({ algorithm, response }) => {
    const answer = answerTo(
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
      {
        credentials: { username: 'Mufasa', password: 'Circle of Life' },
        clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      },
    );
    expect(answer).toContain(`response="${response}"`);
    expect(answer).toContain(`algorithm=${algorithm}`);
  });

  test('does without qop, as most cameras do', () => {
    const answer = answerTo('Digest realm="IP Camera(12345)", nonce="abc", stale="FALSE"', {
      credentials: { username: 'admin', password: '12345' },
      method: 'DESCRIBE',
      uri: 'rtsp://10.0.0.5/cam1',
    });
    expect(answer).toContain('response="8a6093d28238d281e8be27e9a6d0c5a3"');
    expect(answer).not.toContain('qop');
  });

  test('is Basic when nothing better is offered', () => {
    expect(answerTo('Basic realm="camera"')).toBe('Basic TXVmYXNhOkNpcmNsZSBPZiBMaWZl');
  });

  test('goes to the strongest challenge', () => {
    const offers = [
      'Basic realm="camera"',
      'Digest realm="camera", nonce="a", algorithm=MD5',
      'Digest realm="camera", nonce="b", algorithm=SHA-256',
      'Negotiate',
    ];
    expect(strongestChallenge(offers)).toMatchObject({ hash: 'sha256', nonce: 'b' });
    expect(strongestChallenge(offers.slice(0, 2))).toMatchObject({ hash: 'md5', nonce: 'a' });
    expect(strongestChallenge(['Negotiate'])).toBeUndefined();
  });
});
