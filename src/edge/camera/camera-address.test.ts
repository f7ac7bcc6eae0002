/** Where a box connects for pictures, and where it does not: as an address, as a name, and as a name that changes its mind. */
import { createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { changingResolver } from '../../testing/changing-resolver.ts';
import { allowedLookup, isAllowedAddress } from './camera-address.ts';
import { connectToCamera } from './camera-connection.ts';
import type { RelayFailure } from './camera-failure.ts';
import { probeCamera } from './camera-probe.ts';
import { type RtspSource, readCameraSource } from './camera-source.ts';

const links = ['169.254.169.254', '169.254.1.1', '[fe80::1]', '[::ffff:169.254.169.254]'];
const clouds = ['100.100.100.200', '168.63.129.16', '[fd00:ec2::254]', '[fd20:ce::254]'];
const clothed = ['[::ffff:a9fe:a9fe]', '[64:ff9b::a9fe:a9fe]', '[2002:a9fe:a9fe::]', '[::7f00:1]'];
const others = ['0.0.0.0', '[::]', '224.0.0.1', '239.255.0.1', '255.255.255.255', '[ff02::1]'];

describe('S5 the address of a camera', () => {
  test.each([...links, ...clouds, ...clothed, ...others])(
    'is refused before anything is started when it is %s',
    (host) => {
      const read = readCameraSource({ cameraId: 'gate', source: `rtsp://${host}:554/x` });
      expect(read).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/^camera gate: .*; give the camera an address of its net/),
      });
    },
  );

  test.each(['10.0.0.5', '192.168.1.64', '172.16.4.1', '100.64.1.2', '203.0.113.7', 'fd00::5'])(
    'of a network is taken: %s',
    (address) => {
      expect(isAllowedAddress(address, address)).toBe(true);
      expect(isAllowedAddress('camera.lan', address)).toBe(true);
    },
  );

  test('is of this box only for who writes it plainly', () => {
    for (const host of ['127.0.0.1', '127.3.2.1', '::1', 'localhost'])
      expect(isAllowedAddress(host, host === '::1' ? '::1' : '127.0.0.1'), host).toBe(true);
    for (const host of ['127.1', '0x7f.1', '2130706433', 'camera.lan', 'localhost.evil.example'])
      expect([host, isAllowedAddress(host, '127.0.0.1')]).toEqual([host, false]);
    expect(isAllowedAddress('camera.lan', '::1')).toBe(false);
  });

  test('of the box in no other clothes, whatever the rest of it is', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c) => {
        const hex = (left: number, right: number) => ((left << 8) | right).toString(16);
        for (const first of [127, 169]) {
          const second = first === 169 ? 254 : a;
          const tail = `${hex(first, second)}:${hex(b, c)}`;
          for (const clothes of [`::ffff:${tail}`, `64:ff9b::${tail}`, `::${tail}`])
            expect(isAllowedAddress('camera.lan', clothes), clothes).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });
});

let server: Server | undefined;
const reached: Socket[] = [];
afterEach(async () => {
  for (const socket of reached.splice(0)) socket.destroy();
  await new Promise<void>((resolve) =>
    server === undefined ? resolve() : server.close(() => resolve()),
  );
  server = undefined;
});

/** Something on this box that no camera's name should reach. */
async function listen(): Promise<number> {
  const opened = createServer((socket) => void reached.push(socket));
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  const address = opened.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function sourceAt(host: string, port: number): RtspSource {
  const read = readCameraSource({ cameraId: 'gate', source: `rtsp://${host}:${port}/x` });
  if (!read.ok || read.source.kind !== 'rtsp') throw new Error('it is an address');
  return read.source;
}

function resolverOf(...answers: readonly (readonly string[])[]) {
  const { resolve, asked } = changingResolver(...answers);
  return { lookup: allowedLookup(resolve), asked };
}

function connectedOrNot(source: RtspSource, lookup?: ReturnType<typeof allowedLookup>) {
  return new Promise<RelayFailure | 'connected'>((resolve) => {
    const socket = connectToCamera(source, resolve, lookup);
    socket.on('connect', () => {
      resolve('connected');
      socket.destroy();
    });
  });
}

describe('S5 the name of a camera', () => {
  test.each(['127.1', '0x7f.1', '0x7f000001', '2130706433', '0177.0.0.1'])(
    'that the system reads as this box reaches nothing: %s',
    async (host) => {
      const port = await listen();
      const failure = await probeCamera(sourceAt(host, port), new AbortController().signal);
      expect(failure?.kind).toMatch(/^(forbidden|unreachable)$/);
      expect(reached).toEqual([]);
    },
  );

  test.each([
    [['127.0.0.1']],
    [['::1', '127.0.0.1']],
    [['169.254.169.254']],
    [['::ffff:127.0.0.1']],
  ])('that leads to %j reaches nothing', async (addresses) => {
    const port = await listen();
    const { lookup } = resolverOf(addresses);
    expect(await connectedOrNot(sourceAt('camera.lan', port), lookup)).toEqual({
      kind: 'forbidden',
    });
    expect(reached).toEqual([]);
  });

  test('is asked for once: what was checked is what is connected to', async () => {
    const port = await listen();
    const { lookup, asked } = resolverOf(['127.0.0.1'], ['169.254.169.254']);
    expect(await connectedOrNot(sourceAt('localhost', port), lookup)).toBe('connected');
    expect(asked()).toBe(1);
  });

  test('keeps its allowed addresses beside a link-local one', async () => {
    const { lookup } = resolverOf(['fe80::1', '192.0.2.11']);
    const found = await new Promise((resolve) =>
      lookup('camera.local', { all: true }, (_, addresses) => resolve(addresses)),
    );
    expect(found).toEqual([{ address: '192.0.2.11', family: 4 }]);
  });
});
