/** S19: a query holds what its route names. What else stands in it never comes near the store, where it would widen a scope. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';

let centre: Centre;
let auditor = '';
beforeAll(async () => {
  centre = await openCentre();
  const userId = await centre.addUser('auditor', {
    ...{ kind: 'some', grids: [], cameras: ['cam-north'] },
  });
  auditor = await centre.cookieOf(userId);
  for (const cameraId of ['cam-north', 'cam-south'])
    await centre.store.record({
      ...{ atMs: 5, actor: 'someone', address: '', outcome: 'done', cameraId },
      action: 'recording-held',
    });
});
afterAll(() => centre.close());

const widened = '?cameraIds=cam-south&cameraIds=cam-north';

test.each(['/api/audit', '/api/audit/export'])('no field of it widens a scope: %s', async (url) => {
  const ask = (query: string) => centre.ask('GET', `${url}${query}`, { cookie: auditor });
  const own = await ask('?reason=because').then(async (answer) =>
    answer.status === 400 ? ask('') : answer,
  );
  const text = await own.text();
  expect(text).toContain('cam-north');
  expect(text).not.toContain('cam-south');

  for (const query of [widened, `${widened}&reason=because`]) {
    const answer = await ask(query);
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain('cam-south"');
  }
});

test('a field twice, and one that nobody asked for, is refused in so many words', async () => {
  const cookie = await centre.cookieOf(await centre.addUser('administrator', { kind: 'all' }));
  const twice = '?cameraId=a&cameraId=b';
  for (const url of ['/api/deletions', '/api/alarms', '/api/audit', '/api/announcements']) {
    const answer = await centre.ask('GET', `${url}${twice}`, { cookie });
    expect([url, answer.status]).toEqual([url, 400]);
    const { error, message } = (await answer.json()) as { error: string; message: string };
    expect(error).toBe('invalid');
    expect(message).toMatch(/cameraId|additional/);
  }
});
