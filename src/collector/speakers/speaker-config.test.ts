import { describe, expect, test } from 'vitest';
import { createCheck } from '../../contract/check.ts';
import { SpeakerConfig, withZoneMembers, zoneFault } from './speaker-config.ts';

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

const camera = (speakerId: string, lane: string, grid: string) => ({ speakerId, lane, grid });

describe('a zone', () => {
  const speakers = ['a', 'b', 'c'].map(
    (id) => ({ driver: 'file', speakerId: id, name: id, folder: id }) as const,
  );
  const zone = (changes: object) =>
    ({ driver: 'zone', speakerId: 'z', name: 'Z', ...changes }) as const;

  test('of a place has the speakers beside the cameras there, each once', () => {
    const cameras = [
      camera('a', 'east', 'one'),
      camera('b', 'east', 'one'),
      camera('b', 'west', 'one'),
      camera('c', 'west', 'two'),
      camera('z', 'east', 'one'),
    ];
    const membersOf = (changes: object) =>
      withZoneMembers([...speakers, zone(changes)], cameras).find((one) => one.driver === 'zone')
        ?.speakerIds;
    expect(membersOf({ grid: 'one' })).toEqual(['a', 'b']);
    expect(membersOf({ lane: 'west' })).toEqual(['b', 'c']);
    expect(membersOf({ lane: 'west', grid: 'two' })).toEqual(['c']);
    expect(membersOf({ speakerIds: ['c'] })).toEqual(['c']);
  });

  test.each([
    [{ grid: 'one' }, undefined],
    [{ speakerIds: ['a'] }, undefined],
    [{}, 'either speakerIds, or a lane'],
    [{ speakerIds: ['a'], grid: 'one' }, 'either speakerIds, or a lane'],
    [{ speakerIds: ['nowhere'] }, 'no single speaker is called "nowhere"'],
    [{ speakerIds: ['z'] }, 'no single speaker is called "z"'],
  ])('%j is answered with %s', (changes, reason) => {
    const fault = zoneFault(zone(changes), [...speakers, zone(changes)]);
    if (reason === undefined) expect(fault).toBeUndefined();
    else expect(fault).toContain(reason);
  });
});
