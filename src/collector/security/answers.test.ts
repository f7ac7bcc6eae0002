/** What answers and the log say: to browsers what they may do with a page, and to nobody a secret. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  chiefPassword,
  type GuardedCentre,
  openGuardedCentre,
} from '../../testing/guarded-centre.ts';

let guarded: GuardedCentre;
beforeAll(async () => {
  guarded = await openGuardedCentre();
});
afterAll(() => guarded.close());

test('S8 every answer tells browsers what they may do with it', async () => {
  const paths = ['/', '/docs/', '/nothing', '/api/nothing', '/health'];
  const routes = guarded.centre.http.routes().filter(({ websocket }) => !websocket);
  for (const path of [
    ...paths,
    ...routes.map(({ url }) => url.replaceAll(/[:*]\w*/g, 'some-id')),
  ]) {
    const { headers } = await guarded.raw('GET', path);
    const policy = String(headers['content-security-policy']);
    for (const rule of ["default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"])
      expect(policy, path).toContain(rule);
    expect(policy, path).toContain("base-uri 'none'");
    expect(policy, path).toMatch(/script-src 'self'(?! 'unsafe)/);
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('no-referrer');
  }
});

test('S16 neither the log, nor any answer, nor the database holds a password or a token as it is', async () => {
  const { centre, raw, cookie, lines } = guarded;
  const canary = 'canary-password-7731';
  const headers = { cookie, 'content-type': 'application/json' };
  const post = (path: string, body: object) =>
    raw('POST', path, { headers, body: JSON.stringify(body), from: '127.0.0.10' });
  await post('/api/sign-in', { username: 'chief', password: canary });
  await post('/api/account/password', { current: chiefPassword, password: canary });
  const invited = JSON.parse(
    (await post('/api/users', { username: 'wu', role: 'operator', scope: { kind: 'all' } })).text,
  ) as { token: { token: string } };
  const { code } = JSON.parse((await post('/api/edges/box-1/code', {})).text) as { code: string };
  const enrolled = JSON.parse((await post('/api/enrol', { edgeId: 'box-1', code })).text) as {
    password: string;
  };
  const answers = await Promise.all(
    centre.http
      .routes()
      .filter(({ method, url, websocket }) => method === 'GET' && !websocket && url !== '/api/feed')
      .map(async ({ url }) => {
        const path = url.replaceAll(/:\w+/g, 'cam-north');
        return (await raw('GET', `${path}?reason=test`, { headers: { cookie } })).text;
      }),
  );
  const files = readdirSync(centre.folder)
    .filter((name) => name.startsWith('centre.sqlite'))
    .map((name) => readFileSync(join(centre.folder, name), 'latin1'));
  const secrets = {
    canary,
    first: chiefPassword,
    setup: centre.setupToken,
    invitation: invited.token.token,
    code,
    broker: enrolled.password,
    session: cookie.split('=')[1] ?? '',
  };
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(9);
    for (const said of [answers.join('\n'), lines.join('\n'), files.join('\n')])
      expect(said.includes(secret), name).toBe(false);
  }
  // Hashes are for the database alone.
  expect(`${answers.join('\n')}${lines.join('\n')}`).not.toMatch(/\$argon2|\$7\$/);
  expect(files.join('')).toContain('$argon2id$');
  expect([answers.join('').includes('chief'), lines.length > 0]).toEqual([true, true]);
});
