/** The register: everything that has to be in it is, and nobody can change it unseen. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Scope } from '../../contract/access-rights.ts';
import type { AuditRow } from '../../contract/audit-view.ts';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { handOn } from '../../testing/store-database.ts';

const password = 'a-long-enough-password';
let centre: Centre;
let operator: string;
let cookie: string;
let auditor: string;

beforeAll(async () => {
  centre = await openCentre();
  await centre.ask('POST', '/api/setup', {
    body: { token: centre.setupToken, username: 'chief', password },
  });
  operator = await centre.addUser('operator', { kind: 'some', grids: ['north'], cameras: [] });
  cookie = await centre.cookieOf(operator);
  auditor = await centre.cookieOf(await centre.addUser('auditor', { kind: 'all' }));
});
afterAll(() => centre.close());

async function newest(words = ''): Promise<AuditRow | undefined> {
  const answer = await centre.ask('GET', `/api/audit?limit=1${words}`, { cookie: auditor });
  const [row] = (await answer.json()) as AuditRow[];
  return row;
}

describe('the register', () => {
  test('holds signing in, and failing to, by name and address; a name cannot forge a row', async () => {
    const entry = { username: 'chief', password };
    await centre.ask('POST', '/api/sign-in', { body: entry });
    expect(await newest()).toMatchObject({
      action: 'sign-in',
      outcome: 'done',
      actor: 'chief',
      address: '127.0.0.1',
    });
    const forged = 'li\r\n9,2026,chief,"sign-in"';
    await centre.ask('POST', '/api/sign-in', { body: { ...entry, username: forged } });
    expect(await newest()).toMatchObject({ outcome: 'refused', actor: forged });
    const text = await csv();
    // A heading and a line for each row, the export's own among them.
    expect(text.trimEnd().split(/\r\n(?=")/)).toHaveLength(1 + ((await newest())?.number ?? 0));
  });

  test('holds every picture that was looked at', async () => {
    const { eventId, cameraId } = centre.objects.north;
    await centre.ask('GET', `/api/events/${eventId}/snapshot`, { cookie });
    expect(await newest()).toMatchObject({
      action: 'snapshot-viewed',
      actor: operator,
      cameraId,
      object: `event ${eventId}`,
    });
    const socket = new WebSocket(
      `${centre.address.replace('http', 'ws')}/api/cameras/${cameraId}/live`,
      { headers: { cookie, origin: centre.address } },
    );
    await new Promise((resolve) => socket.once('open', resolve));
    socket.terminate();
    expect(await newest()).toMatchObject({ action: 'live-opened', actor: operator, cameraId });
  });

  test('holds how an alarm ended, changed users without secrets, and what was refused', async () => {
    const { alarmId } = centre.objects.north;
    const body = { reason: 'handled', note: 'spoke to him' };
    await centre.ask('POST', `/api/alarms/${alarmId}/close`, { cookie, body });
    expect(await newest()).toMatchObject({
      action: 'alarm-closed',
      object: `alarm ${alarmId}`,
      detail: JSON.stringify(body),
    });
    await centre.ask('GET', `/api/alarms/${centre.objects.south.alarmId}`, { cookie });
    expect(await newest()).toMatchObject({
      action: 'access',
      outcome: 'refused',
      actor: operator,
      detail: '{"because":"scope"}',
    });
    await centre.ask('GET', '/api/users', { cookie });
    expect(await newest()).toMatchObject({ outcome: 'refused', detail: '{"because":"role"}' });
    const chief = await centre.cookieOf((await centre.store.userByName('chief'))?.userId ?? '');
    const user = { username: 'wu', role: 'operator', scope: { kind: 'all' } };
    await centre.ask('POST', '/api/users', { cookie: chief, body: user });
    expect(await newest()).toMatchObject({ action: 'user-created', actor: 'chief' });
  });

  test('is read with filters, and exported with a reason that stands in it', async () => {
    const refused = await newest('&outcome=refused&action=sign-in');
    expect(refused).toMatchObject({ action: 'sign-in', outcome: 'refused' });
    expect((await centre.ask('GET', '/api/audit/export', { cookie: auditor })).status).toBe(400);
    expect(await csv()).toMatch(/"snapshot-viewed","done","cam-north"/);
    expect(await newest()).toMatchObject({
      action: 'register-exported',
      detail: '{"reason":"yearly check"}',
    });
  });

  test('shows an auditor of one grid only what belongs to its cameras', async () => {
    const scope: Scope = { kind: 'some', grids: ['south'], cameras: [] };
    const narrow = await centre.cookieOf(await centre.addUser('auditor', scope));
    const answer = await centre.ask('GET', '/api/audit', { cookie: narrow });
    expect(await answer.json()).toEqual([]);
  });

  test('goes on without a gap when many write at once', async () => {
    const before = (await newest())?.number ?? 0;
    const entry = { atMs: 1, actor: 'x', address: '', action: 'access', outcome: 'done' } as const;
    await Promise.all(Array.from({ length: 50 }, () => centre.store.record(entry)));
    expect((await newest())?.number).toBe(before + 50);
    expect(await verification()).toEqual({ ok: true, rows: before + 50 });
  });

  test.each([
    ['a changed row', "update audit set actor = 'nobody' where number = 3", 3],
    [
      'a changed row whose hash was taken from another',
      'update audit set hash = (select hash from audit where number = 5) where number = 4',
      4,
    ],
    ['a removed row', 'delete from audit where number = 5', 5],
    ['removed last rows', 'delete from audit where number > 10', 11],
  ])('names the first row that is wrong: %s', async (_, statement, number) => {
    expect(await verification()).toMatchObject({ ok: true });
    const hand = await handOn(centre.folder);
    await hand.run('create temporary table kept as select * from audit');
    await hand.run(statement);
    const found = await verification();
    await hand.run('delete from audit; insert into audit select * from kept');
    await hand.close();
    expect(found).toMatchObject({ ok: false, broken: { number } });
  });
});

async function csv(): Promise<string> {
  const path = '/api/audit/export?reason=yearly%20check';
  return (await centre.ask('GET', path, { cookie: auditor })).text();
}

async function verification(): Promise<unknown> {
  return (await centre.ask('GET', '/api/audit/verification', { cookie: auditor })).json();
}
