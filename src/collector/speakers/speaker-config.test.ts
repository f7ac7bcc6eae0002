import { describe, expect, test } from 'vitest';
import { createCheck } from '../../contract/check.ts';
import { SpeakerConfig } from './speaker-config.ts';

const check = createCheck(SpeakerConfig);
const rtp = {
  driver: 'rtp',
  speakerId: 'lane-7',
  name: '七号巷',
  address: '239.255.10.1',
  port: 16384,
};

describe('the configuration of a speaker', () => {
  test.each([
    ['an RTP speaker with the least fields', rtp],
    [
      'an RTP speaker with all fields',
      { ...rtp, codec: 'g722', ttl: 4, interfaceAddress: '10.0.0.5' },
    ],
    ['a file speaker', { driver: 'file', speakerId: 'folder', name: 'Folder', folder: 'spoken' }],
  ])('takes %s', (_case, value) => {
    expect(check(value)).toEqual({ ok: true, value });
  });

  test.each([
    ['an odd port', { ...rtp, port: 16385 }, 'port must be multiple of 2'],
    [
      'a host name, which no multicast group has',
      { ...rtp, address: 'speaker.lan' },
      'address must match',
    ],
    ['an address out of range', { ...rtp, address: '10.0.0.256' }, 'address must match'],
    [
      'a query smuggled into the address',
      { ...rtp, address: '10.0.0.2?ttl=9' },
      'address must match',
    ],
    ['an unknown field', { ...rtp, volume: 3 }, 'unknown field "volume"'],
    ['a file speaker without its folder', { driver: 'file', speakerId: 'f', name: 'F' }, 'folder'],
  ])('refuses %s and names the field', (_case, value, reason) => {
    const checked = check(value);
    expect(checked).toMatchObject({ ok: false });
    expect(checked.ok ? '' : checked.reason).toContain(reason);
  });
});
