/** What all grids share is no way around a scope: who speaks, the library of the voice, a preview, and the register of it all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { silentSpeakers } from '../../testing/silent-speakers.ts';
import { createVoice, type Voice } from '../speakers/voice/voice.ts';

let centre: Centre;
let voice: Voice;
const folder = mkdtempSync(join(tmpdir(), 'shared-things-'));
const holderOf = (side: string) => ({
  ...{ speakerId: `horn-${side}`, by: `operator of the ${side}`, sinceMs: 1 },
});
/** A technician and a supervisor of the north alone, and an administrator of the whole centre. */
const cookies: Record<string, string> = {};
beforeAll(async () => {
  voice = createVoice({
    cacheFolder: join(folder, 'cache'),
    recordingsFolder: join(folder, 'recordings'),
  });
  await voice.start();
  centre = await openCentre({
    dependencies: () => ({
      speakers: {
        ...silentSpeakers(['horn-north', 'horn-south']),
        voice,
        talks: {
          open: async () => ({ kind: 'busy', by: 'someone' }),
          holders: () => [holderOf('north'), holderOf('south')],
        },
      },
    }),
  });
  const north = { kind: 'some' as const, grids: ['north'], cameras: [] };
  for (const role of ['technician', 'supervisor', 'administrator'] as const) {
    const scope = role === 'administrator' ? ({ kind: 'all' } as const) : north;
    cookies[role] = await centre.cookieOf(await centre.addUser(role, scope));
  }
});
afterAll(async () => {
  await centre?.close();
  await voice?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const as = (role: string, method: string, path: string, body?: unknown): Promise<Response> =>
  centre.ask(method, path, {
    cookie: cookies[role] ?? '',
    ...(body === undefined ? {} : { body }),
  });

test('who speaks is told of the speakers within reach', async () => {
  const holders = async (role: string) =>
    ((await (await as(role, 'GET', '/api/talks')).json()) as { speakerId: string }[]).map(
      ({ speakerId }) => speakerId,
    );
  expect(await holders('supervisor')).toEqual(['horn-north']);
  expect(await holders('administrator')).toEqual(['horn-north', 'horn-south']);
});

const template = (name: string) => ({ name, texts: { 'zh-CN': '请离开' } });
const wire = (templateId: string) => ({
  schemaVersion: 1,
  tripwires: [
    {
      ...{ ruleId: 'gate', direction: 'both' },
      points: [
        [0.1, 0.5],
        [0.9, 0.5],
      ],
      response: { announcement: { kind: 'template', templateId, language: 'zh-CN' } },
    },
  ],
});

test('what lanes outside the scope say is not changed, and they are not named', async () => {
  for (const side of ['north', 'south']) {
    const saved = await as('administrator', 'PUT', `/api/voice/templates/${side}`, template(side));
    expect(saved.status).toBe(200);
    const order = { rules: wire(side), basedOnVersion: 0 };
    const drawn = await as('administrator', 'PUT', `/api/cameras/cam-${side}/rules`, order);
    expect([drawn.status, await drawn.text()]).toEqual([200, expect.any(String)]);
  }
  const put = (side: string) =>
    as('supervisor', 'PUT', `/api/voice/templates/${side}`, template('x'));
  expect((await put('north')).status).toBe(200);
  expect((await put('fresh')).status).toBe(200);
  const refused = await put('south');
  expect(refused.status).toBe(403);
  expect(await refused.text()).not.toMatch(/cam-south|gate/);
  const [noted] = await centre.store.auditRows({ limit: 1 });
  expect(noted).toMatchObject({ action: 'access', outcome: 'refused' });

  const removed = await as('supervisor', 'DELETE', '/api/voice/templates/south');
  expect(removed.status).toBe(409);
  expect(await removed.text()).not.toMatch(/cam-south|gate/);
  const own = await as('supervisor', 'DELETE', '/api/voice/templates/north');
  expect(await own.text()).toMatch(/"gate\\" of camera cam-north/);
});

test('a preview names no lane outside the scope', async () => {
  const preview = (role: string, cameraId: string) =>
    as(role, 'POST', '/api/voice/preview', {
      ...{ cameraId, announcement: { kind: 'speech', text: '{lane}', language: 'zh-CN' } },
    });
  expect((await preview('supervisor', 'cam-south')).status).toBe(404);
  expect((await preview('supervisor', 'cam-north')).status).not.toBe(404);
});

test('the register tells why something was taken out, whatever else the request says of itself', async () => {
  const { alarmId } = centre.objects.north;
  const { hostname, port } = new URL(centre.address);
  const order = JSON.stringify({ reason: 'case 12' });
  // Without `Connection: upgrade` it is an ordinary request.
  const headers = {
    ...{ cookie: cookies['supervisor'] ?? '', 'content-type': 'application/json' },
    ...{ upgrade: 'websocket', origin: centre.address },
  };
  const path = `/api/alarms/${alarmId}/export`;
  const status = await new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode));
    })
      .once('error', reject)
      .end(order);
  });
  expect(status).toBe(200);
  const rows = await centre.store.auditRows({ action: 'recording-exported', limit: 10 });
  expect(rows).toHaveLength(1);
  expect(JSON.parse(rows[0]?.detail ?? '{}')).toMatchObject({ reason: 'case 12' });
});
