import { expect, test } from 'vitest';
import { digestAuthorization } from './digest-authorization.ts';

/** The example of RFC 7616, 3.9.1. */
const account = { username: 'Mufasa', password: 'Circle of Life' };
const request = { method: 'GET', uri: '/dir/index.html' };
const clientNonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const challenge = (algorithm: string): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

test.each([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
])('answers a challenge with %s as the RFC does', (algorithm, response) => {
  const answer = digestAuthorization([challenge(algorithm)], account, request, clientNonce);
  expect(answer).toContain(`response="${response}"`);
  expect(answer).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
  expect(answer).not.toContain('Circle');
});

test('takes the first challenge that it knows, and none that it does not', () => {
  const unknown = 'Digest realm="a", nonce="b", algorithm=SHA-512-256';
  const answer = digestAuthorization([unknown, challenge('MD5')], account, request, clientNonce);
  expect(answer).toContain('8ca523f5e9506fed4657c9700eebdbec');
  expect(digestAuthorization([unknown, 'Basic realm="a"'], account, request)).toBeUndefined();
});

test('answers an old challenge without a quality of protection (RFC 2069)', () => {
  const old = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
  // The well-known example writes the password so.
  const written = { ...account, password: 'Circle Of Life' };
  const answer = digestAuthorization([old], written, request);
  expect(answer).toContain('response="670fd8c2df070c60b045671b8b24ff02"');
  expect(answer).not.toContain('qop');
});
