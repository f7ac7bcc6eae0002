/** S16 secrets at rest: sealed with AES-256-GCM under a key that lies elsewhere, in configurations, password files, boxes and the database. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEvidence } from '../collector/evidence/evidence.ts';
import { loadCollectorConfig } from '../collector/load-config.ts';
import { credentialFile, enrol, readCredential } from '../edge/enrolment.ts';
import { loadEdgeConfig } from '../edge/load-config.ts';
import { type Centre, openCentre } from '../testing/centre.ts';
import { newSealKey, readSealKey, type SealKey, seal, unseal } from './sealed-secret.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealed-'));
const keyFile = join(folder, 'seal-key');
const environment = { HAOGUANJIA_SEAL_KEY_FILE: keyFile };
const canary = 'canary-p@ss: 密码 7731';
let centre: Centre;
let key: SealKey;

const command = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, ['scripts/seal.ts', '--key', keyFile, ...args], {
    input,
    encoding: 'utf8',
  });

beforeAll(async () => {
  expect(command(['--make-key'])).toMatchObject({ status: 0, stdout: '' });
  key = readSealKey(readFileSync(keyFile, 'utf8')) as SealKey;
  centre = await openCentre();
});
afterAll(async () => {
  await centre.close();
  rmSync(folder, { recursive: true });
});

describe('a sealed secret', () => {
  test('is opened by its key, and never looks the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (secret) => {
        const [one, other] = [seal(secret, key), seal(secret, key)];
        expect([unseal(one, key), unseal(other, key)]).toEqual([secret, secret]);
        expect(one).not.toBe(other);
        expect(one).toMatch(/^sealed:1:[\w-]+$/);
      }),
    );
  });

  test('is not opened by another key, nor after any of its bytes has changed', () => {
    const sealed = seal('secret', key);
    expect(unseal(sealed, readSealKey(newSealKey()) as SealKey)).toBeUndefined();
    const bytes = Buffer.from(sealed.slice('sealed:1:'.length), 'base64url');
    for (const at of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(unseal(`sealed:1:${changed.toString('base64url')}`, key), String(at)).toBeUndefined();
    }
    for (const damaged of ['sealed:1:', 'sealed:1:AAAA', 'plain', sealed.slice(0, -3)])
      expect(unseal(damaged, key)).toBeUndefined();
  });

  test('is made by a command that takes it on standard input and writes over no key', () => {
    const made = command([], `${canary}\n`);
    expect(unseal(made.stdout.trim(), key)).toBe(canary);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(command(['--make-key'])).toMatchObject({ status: 2 });
    expect(readSealKey(readFileSync(keyFile, 'utf8'))).toEqual(key);
    expect(command([])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/standard input/),
    });
  });
});

describe('a configuration with sealed secrets', () => {
  const written = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const edge = () =>
    written(
      'edge.yaml',
      `edgeId: box-1
dataFolder: ${folder}/edge
collectorUrl: http://127.0.0.1:1
broker:
  url: mqtt://127.0.0.1:1
  username: box-1
  password: ${seal(`broker ${canary}`, key)}
cameras:
  - cameraId: gate
    source: rtsp://10.0.0.5/x
    username: admin
    passwordFile: ${written('gate.password', `${seal(canary, key)}\n`)}
`,
    );
  const collector = () =>
    written(
      'collector.yaml',
      `http:
  port: 0
broker:
  url: mqtt://127.0.0.1:1
  username: collector
  password: \${BROKER}
dataFolder: ${folder}/data
database: postgres://guard@db.lan/hgj
databasePasswordFile: ${written('db.password', seal(`db ${canary}`, key))}
webhooks:
  - webhookId: police
    url: https://far.example/hook
    secret: ${seal(`webhook ${canary}`, key)}
`,
    );

  test('is loaded with the key, for cameras, brokers, databases and webhooks', () => {
    const box = loadEdgeConfig(edge(), environment);
    expect(box.cameras[0]?.password).toBe(canary);
    expect(box.broker.password).toBe(`broker ${canary}`);
    const centreConfig = loadCollectorConfig(collector(), {
      ...environment,
      BROKER: seal('b', key),
    });
    expect(centreConfig.broker.password).toBe('b');
    expect(centreConfig.database).toMatchObject({ password: `db ${canary}` });
    expect(Buffer.from(centreConfig.webhooks?.[0]?.key ?? []).toString()).toBe(`webhook ${canary}`);
    expect(loadEdgeConfig(edge(), { CREDENTIALS_DIRECTORY: folder }).cameras[0]?.password).toBe(
      canary,
    );
    const kept = readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((name) => statSync(name).isFile());
    for (const file of kept) expect(readFileSync(file, 'utf8')).not.toContain('canary');
  });

  test.each([
    ['no key', {}, /a secret is sealed and there is no key; set HAOGUANJIA_SEAL_KEY_FILE/],
    [
      'a key that is not there',
      { HAOGUANJIA_SEAL_KEY_FILE: '/nowhere' },
      /\/nowhere cannot be read/,
    ],
    [
      'a key that is none',
      { HAOGUANJIA_SEAL_KEY_FILE: '/etc/hostname' },
      /holds no key of 32 bytes/,
    ],
    ['another key', 'other', /cannot be opened with the key of .*; seal it again/],
  ] as const)(
    'is refused in one sentence, which holds no secret, with %s',
    (_, given, sentence) => {
      const other = written('other-key', newSealKey());
      const wrong = given === 'other' ? { HAOGUANJIA_SEAL_KEY_FILE: other } : given;
      const loading = (): unknown => loadEdgeConfig(edge(), wrong);
      expect(loading).toThrow(sentence);
      expect(loading).not.toThrow(/sealed:1|canary/);
    },
  );
});

test('a box with a key keeps the broker’s password that it was given sealed', async () => {
  const cookie = await centre.cookieOf(await centre.addUser('technician', { kind: 'all' }));
  const answer = await centre.ask('POST', '/api/edges/box-9/code', { cookie });
  const { code } = (await answer.json()) as { code: string };
  const dataFolder = join(folder, 'box-9');
  const order = { collectorUrl: centre.address, edgeId: 'box-9', code, dataFolder };
  const { password } = await enrol(order, environment);
  expect(readFileSync(credentialFile(dataFolder), 'utf8')).not.toContain(password);
  expect(readCredential(dataFolder, environment)).toEqual({ username: 'box-9', password });
  expect(() => readCredential(dataFolder, {})).toThrow(/there is no key/);
});

describe('the key that signs exports', () => {
  const fileOfClip = (): string => 'none';
  const evidenceIn = (name: string, sealKey?: SealKey) => {
    const parts = {
      dataFolder: join(folder, name),
      store: centre.store,
      fileOfClip,
      now: Date.now,
    };
    return createEvidence(sealKey === undefined ? parts : { ...parts, sealKey });
  };

  test('is one for all collectors of a database, sealed in it, and in no file', async () => {
    const former = await evidenceIn('first').publicKey();
    const keys = await Promise.all(
      ['first', 'second', 'third'].map((name) => evidenceIn(name, key).publicKey()),
    );
    expect(new Set(keys).size).toBe(1);
    // Whichever came first; the next time all of them find it.
    expect(await evidenceIn('fourth', key).publicKey()).toBe(keys[0]);
    expect(former).toContain('PUBLIC KEY');
    expect(readdirSync(folder)).not.toContain('second');
    const kept = await centre.store.setting('export-key');
    expect([kept?.startsWith('sealed:1:'), kept?.includes('PRIVATE')]).toEqual([true, false]);
  });

  test('is not replaced when the key that sealed it is missing: nothing is signed by another', async () => {
    const wrong = evidenceIn('fifth', readSealKey(newSealKey()));
    await expect(wrong.publicKey()).rejects.toThrow(
      /sealed with another key; give every collector/,
    );
  });

  test('goes on being the one that an earlier start kept in a file', async () => {
    const own = await openCentre();
    const parts = {
      dataFolder: join(folder, 'sixth'),
      store: own.store,
      fileOfClip,
      now: Date.now,
    };
    const former = await createEvidence(parts).publicKey();
    expect(await createEvidence({ ...parts, sealKey: key }).publicKey()).toBe(former);
    await own.close();
  });
});
