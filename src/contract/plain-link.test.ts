/** Which links are said aloud because everybody on the way can read them. */
import { expect, test } from 'vitest';
import { isLoopback, plainLinkWarning } from './plain-link.ts';

test.each(['mqtt://10.0.0.2:1883', 'http://centre.lan:8080', 'mqtt://[fd00::2]', 'mqtt://127.1'])(
  '%s is told',
  (url) => {
    expect(plainLinkWarning(url)).toMatch(
      /^the link to \S+ is not encrypted: .*; use (mqtts|https):/,
    );
  },
);

test.each([
  'mqtts://10.0.0.2',
  'https://centre.lan',
  'mqtt://127.0.0.1',
  'http://localhost:8080',
  'mqtt://[::1]:1883',
])('%s is not', (url) => {
  expect(plainLinkWarning(url)).toBeUndefined();
});

test('a host is this machine only by a name that can be nothing else', () => {
  const hosts = ['127.0.0.1', '127.8.9.1', '::1', '[::1]', 'localhost'];
  expect(hosts.map(isLoopback)).toEqual(hosts.map(() => true));
  expect(['0.0.0.0', '::', '', 'localhost.evil.example', '127.0.0.1.evil'].map(isLoopback)).toEqual(
    Array(5).fill(false),
  );
});
