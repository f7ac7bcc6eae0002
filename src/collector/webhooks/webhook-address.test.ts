/** Where a webhook does not go: as an address, as a name, and as a name that changes its mind. Against a real HTTP server. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FeedMessage } from '../../contract/console-api.ts';
import { changingResolver } from '../../testing/changing-resolver.ts';
import { createAddressRule } from './webhook-address.ts';
import { sendWebhook } from './webhook-request.ts';

let server: Server;
let port = 0;
let reached: string[] = [];
let status = 204;

beforeEach(async () => {
  reached = [];
  status = 204;
  server = createServer(({ url = '' }, response) => {
    reached.push(url);
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const message = { kind: 'camera-changed', atMs: 1 } as unknown as FeedMessage;

const send = (host: string, addresses: ReturnType<typeof createAddressRule>) =>
  sendWebhook(
    { url: `http://${host}:${port}/hook`, key: Buffer.alloc(32), addresses },
    { deliveryId: 'd', message },
    { nowMs: 1, timeoutMs: 20_000, stopping: new AbortController().signal },
  );
const refused = { ok: false, reason: expect.stringContaining('allowAddresses') };

test.each(['127.0.0.1', '127.1', '2130706433', '[::ffff:127.0.0.1]', '[::]', '0.0.0.0'])(
  'a receiver at %s is not called when nobody allowed it',
  async (host) => {
    expect(await send(host, createAddressRule())).toEqual(refused);
    expect(reached).toEqual([]);
  },
);

test.each([
  [['127.0.0.1']],
  [['::1', '127.0.0.1']],
  [['169.254.169.254']],
  [['::ffff:127.0.0.1']],
  [['64:ff9b::7f00:1']],
  [['0.0.0.0']],
  [['fd00:ec2::254']],
])('a name that leads to %j is not called', async (answer) => {
  const { resolve } = changingResolver(answer);
  expect(await send('hooks.lan', createAddressRule([], resolve))).toEqual(refused);
  expect(reached).toEqual([]);
});

test('an address that the configuration names is called, and no other one', async () => {
  const first = changingResolver(['169.254.169.254', '::1', '127.0.0.1']);
  expect(await send('hooks.lan', createAddressRule(['127.0.0.1'], first.resolve))).toEqual({
    ok: true,
  });
  const other = changingResolver(['127.0.0.1']);
  expect(await send('hooks.lan', createAddressRule(['127.0.0.2'], other.resolve))).toEqual(refused);
  expect(reached).toEqual(['/hook']);
});

test('a name is asked for once: what was checked is what is connected to', async () => {
  const { resolve, asked } = changingResolver(['127.0.0.1'], ['169.254.169.254']);
  expect(await send('hooks.lan', createAddressRule(['127.0.0.1'], resolve))).toEqual({ ok: true });
  expect(asked()).toBe(1);
});

test('a redirect leads nowhere', async () => {
  status = 302;
  const outcome = await send('127.0.0.1', createAddressRule(['127.0.0.1']));
  expect(outcome).toEqual({ ok: false, reason: 'answered 302' });
  expect(reached).toEqual(['/hook']);
});

test('inner networks are reached, and this machine in no clothes', () => {
  const { isForbiddenHost } = createAddressRule();
  for (const inner of ['10.0.0.5', '192.168.1.2', '172.16.4.1', '100.64.1.2', 'fd00::5'])
    expect([inner, isForbiddenHost(inner)]).toEqual([inner, false]);
  fc.assert(
    fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c) => {
      const hex = (left: number, right: number) => ((left << 8) | right).toString(16);
      for (const clothes of ['::ffff:', '64:ff9b::', '::'])
        expect(isForbiddenHost(`${clothes}${hex(127, a)}:${hex(b, c)}`)).toBe(true);
      expect(isForbiddenHost(`169.254.${a}.${b}`)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
