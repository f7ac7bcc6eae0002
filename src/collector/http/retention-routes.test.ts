/** Holds, certificates and the question about the clock, as the console asks for them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';

let centre: Centre;
let jump: { fromMs: number; toMs: number } | undefined;
const cookies: Record<string, string> = {};

beforeAll(async () => {
  centre = await openCentre({
    dependencies: () => ({
      retention: {
        clockJump: () => jump,
        confirmClock: async () => {
          jump = undefined;
          return true;
        },
      },
    }),
  });
  for (const role of ['operator', 'supervisor', 'administrator', 'auditor'] as const)
    cookies[role] = await centre.cookieOf(await centre.addUser(role, { kind: 'all' }, role));
});
afterAll(() => centre.close());

const askAs = (role: string, method: string, path: string, body?: unknown) =>
  centre.ask(method, path, {
    cookie: cookies[role] ?? '',
    ...(body === undefined ? {} : { body }),
  });
const lastRow = async () => (await centre.store.auditRows({ limit: 1 }))[0];

test('an alarm is held and released with a reason, by those who may, and both stand in the register', async () => {
  const { alarmId, eventId, cameraId } = centre.objects.north;
  const path = `/api/alarms/${alarmId}`;
  expect((await askAs('operator', 'POST', `${path}/hold`, { reason: 'case 7' })).status).toBe(403);
  expect((await askAs('supervisor', 'POST', `${path}/hold`, {})).status).toBe(400);
  const held = await askAs('supervisor', 'POST', `${path}/hold`, { reason: 'case 7' });
  expect(await held.json()).toMatchObject({ hold: { reason: 'case 7', by: 'supervisor' } });
  expect(await lastRow()).toMatchObject({
    ...{ action: 'recording-held', actor: 'supervisor', cameraId, object: `alarm ${alarmId}` },
    detail: JSON.stringify({ reason: 'case 7', eventId }),
  });
  const event = (await centre.store.alarm(alarmId))?.event;
  expect(await (await askAs('supervisor', 'GET', '/api/holds')).json()).toMatchObject([
    { eventId, cameraId, alarmId, capturedAtMs: event?.capturedAtMs, reason: 'case 7' },
  ]);

  const released = await askAs('supervisor', 'POST', `${path}/release`, { reason: 'case closed' });
  expect(await released.json()).not.toHaveProperty('hold');
  expect(await lastRow()).toMatchObject({ action: 'recording-released', cameraId });
  const again = await askAs('supervisor', 'POST', `${path}/release`, { reason: 'case closed' });
  expect(again.status).toBe(409);
});

test('an event is held without an alarm, and one that is not there cannot be', async () => {
  const { eventId } = centre.objects.south;
  const path = `/api/events/${eventId}`;
  const order = { reason: 'case 8' };
  expect((await askAs('supervisor', 'POST', `${path}/hold`, order)).status).toBe(204);
  expect((await askAs('supervisor', 'POST', `${path}/release`, order)).status).toBe(204);
  const unknown = '01890000-0000-7000-8000-00000000ffff';
  expect((await askAs('supervisor', 'POST', `/api/events/${unknown}/hold`, order)).status).toBe(
    404,
  );
});

test('certificates are read from the register by auditors', async () => {
  const certificate = {
    ...{ items: 2, counts: { clips: 2 }, cameras: { 'cam-north': { clips: 2 } } },
    ...{ oldestMs: 1, newestMs: 2, sha256: '0'.repeat(64) },
    rule: { profile: 'cn', days: { clips: 30 }, cameras: {} },
  };
  await centre.store.record({
    ...{ atMs: 5, actor: '', address: '', action: 'recordings-deleted', outcome: 'done' },
    detail: JSON.stringify(certificate),
  });
  expect((await askAs('supervisor', 'GET', '/api/deletions')).status).toBe(403);
  expect(await (await askAs('auditor', 'GET', '/api/deletions')).json()).toMatchObject([
    { atMs: 5, certificate },
  ]);
});

test('a clock that jumped is told to everybody until an administrator says that it is right', async () => {
  const confirm = (role: string) => askAs(role, 'POST', '/api/centre/clock-confirmation');
  expect((await confirm('administrator')).status).toBe(409);
  jump = { fromMs: 1, toMs: 900_000_000 };
  const told = await askAs('operator', 'GET', '/api/centre');
  expect(await told.json()).toEqual({ clockJump: { fromMs: 1, toMs: 900_000_000 } });
  expect((await confirm('supervisor')).status).toBe(403);
  expect((await confirm('administrator')).status).toBe(204);
  expect(await lastRow()).toMatchObject({
    action: 'clock-confirmed',
    detail: '{"fromMs":1,"toMs":900000000}',
  });
  expect(await (await askAs('operator', 'GET', '/api/centre')).json()).toEqual({});
});
