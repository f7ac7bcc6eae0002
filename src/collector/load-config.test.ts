/** The collector's configuration: the shipped example, and the sentence that each mistake is told with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCollectorConfig } from './load-config.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'collector-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (text: string, environment = {}) => {
  const file = join(folder, 'collector.yaml');
  writeFileSync(file, text);
  return loadCollectorConfig(file, environment);
};

const least = `http:
  port: 8080
broker:
  url: mqtt://127.0.0.1:1883
dataFolder: data
`;
const speaker = `speakers:
  - driver: file
    speakerId: lane-1
    name: Lane
    folder: spoken
`;

test('the shipped example is loaded, with its secret from the environment', () => {
  const config = loadCollectorConfig('config/collector.example.yaml', {
    SIP_PASSWORD: 'one',
    SPEAKER_PASSWORD: 'another',
    COLLECTOR_BROKER_PASSWORD: 'canary',
  });
  expect(config.broker).toEqual({
    url: 'mqtt://127.0.0.1:1883',
    username: 'collector',
    password: 'canary',
  });
  expect(config.cameras).toHaveLength(2);
  expect(config.speakers.map(({ driver }) => driver)).toEqual([
    ...['rtp', 'sip', 'sip', 'http', 'http', 'http', 'zone', 'file'],
  ]);
});

test('how long what is kept: the law by default, less is refused with the place and the mend', () => {
  expect(load(least).retention).toMatchObject({ profile: 'cn', days: { clips: 30, events: 30 } });
  expect(load(`${least}clips: { keepDays: 60 }\n`).retention?.days.clips).toBe(60);
  expect(() => load(`${least}retention: { cameras: { cam-1: { snapshotDays: 10 } } }\n`)).toThrow(
    /line 6: retention\/cameras\/cam-1\/snapshotDays: 10 days are too few, the profile "cn" asks for at least 30/,
  );
});

test('what is left out is loopback, no speakers and no cameras', () => {
  expect(load(least)).toMatchObject({
    http: { host: '127.0.0.1', port: 8080 },
    speakers: [],
    cameras: [],
  });
});

test('a password stands in a file of its own', () => {
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'from-file\n');
  const config = load(least.replace('1883\n', `1883\n  passwordFile: ${secret}\n`));
  expect(config.broker).toEqual({ url: 'mqtt://127.0.0.1:1883', password: 'from-file' });
});

describe('the store on a server', () => {
  const line = (database: string, more = ''): string => `${least}database: ${database}\n${more}`;

  test('is one line, its password in the environment or in a file', () => {
    const place = {
      kind: 'postgres',
      host: 'db.example',
      port: 5433,
      user: 'guard',
      database: 'hgj',
    };
    const secret = join(folder, 'database-secret');
    writeFileSync(secret, 'from-file\n');
    const fromVariable = load(line(`postgres://guard:$${'{DB}'}@db.example:5433/hgj`), {
      DB: 's@:/',
    });
    const fromFile = load(
      line('postgresql://guard@db.example:5433/hgj', `databasePasswordFile: ${secret}\n`),
    );
    expect(fromVariable.database).toEqual({ ...place, password: 's@:/' });
    expect(fromFile.database).toEqual({ ...place, password: 'from-file' });
    expect(load(least).database).toBeUndefined();
  });

  test('is reached by a socket, or encrypted with its certificate checked', () => {
    const socket = load(line('postgres://guard@localhost/hgj?host=/run/postgresql'));
    const encrypted = load(line('postgres://guard@db/hgj?sslmode=verify-full'));
    expect(socket.database).toMatchObject({ host: '/run/postgresql', port: 5432 });
    expect(encrypted.database).toMatchObject({ host: 'db', tls: {} });
  });

  test('is refused with a password in the line, which is not repeated', () => {
    const loading = (): unknown => load(line('postgres://guard:canary@db/hgj'));
    expect(loading).toThrow(/line 6: database: a password does not stand here/);
    expect(loading).not.toThrow(/canary/);
  });

  test.each([
    ['no address of a server', 'mysql://db/hgj', /line 6: database: write it as postgres:/],
    ['an unknown option', 'postgres://a@db/hgj?ssl=1', /"ssl" is none of the options host/],
    ['encryption without a check', 'postgres://a@db/hgj?sslmode=require', /verify-full or disable/],
    ['a variable that is not set', `postgres://a:$${'{NOWHERE}'}@db/hgj`, /has no NOWHERE/],
  ])('is refused with %s', (_name, database, sentence) => {
    expect(() => load(line(database))).toThrow(sentence);
  });
});

describe('a mistake is told with file, line, key and mend', () => {
  test.each([
    ['broken YAML', 'http: [\n', /collector\.yaml, line \d: this is no valid YAML .*correct/],
    ['an unknown key', `${least}colour: red\n`, /unknown field "colour"; correct or remove it/],
    ['a port out of range', least.replace('8080', '99999'), /line 2: http\/port must be <= 65535/],
    ['a broker that is none', least.replace('mqtt:', 'http:'), /line 4: broker\/url must match/],
    [
      'a speaker without its port',
      `${least}${speaker.replace('driver: file', 'driver: rtp').replace('folder: spoken', 'address: 192.0.2.1')}`,
      /line \d+: speakers\/0 must have required property 'port'/,
    ],
    [
      'a camera beside a speaker that is not there',
      `${least}${speaker}cameras:\n  - cameraId: cam-1\n    speakerId: lane-2\n`,
      /line 13: cameras\/0\/speakerId: no speaker is called "lane-2"/,
    ],
    [
      'a camera given twice',
      `${least}cameras:\n  - cameraId: cam-1\n  - cameraId: cam-1\n`,
      /line 8: cameras\/1\/cameraId: two cameras are called "cam-1"/,
    ],
    [
      'a speaker given twice',
      `${least}${speaker}${speaker.replace('speakers:\n', '')}`,
      /line 12: speakers\/1\/speakerId: two speakers are called "lane-1"/,
    ],
    [
      'a secret that is not in the environment',
      least.replace('1883\n', `1883\n  password: $${'{NOWHERE}'}\n`),
      /the environment has no NOWHERE; set it/,
    ],
    [
      'a password file that is not there',
      least.replace('1883\n', '1883\n  passwordFile: nowhere.txt\n'),
      /the password file nowhere\.txt cannot be read \(ENOENT\)/,
    ],
  ])('%s', (_name, text, sentence) => {
    expect(() => load(text)).toThrow(sentence);
    expect(() => load(text)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });

  test('a configuration that is not there', () => {
    expect(() => loadCollectorConfig('nowhere.yaml', {})).toThrow(
      /nowhere\.yaml cannot be read \(ENOENT\)/,
    );
  });
});

describe('a webhook', () => {
  const hook = (lines: string): string =>
    `${least}webhooks:\n  - webhookId: dispatch\n${lines
      .split('\n')
      .map((line) => `    ${line}\n`)
      .join('')}`;
  const secret = 'secret: $' + '{HOOK}';
  const environment = { HOOK: 'canary-canary-canary' };

  test('is loaded with its secret from the environment', () => {
    const [webhook] =
      load(hook(`url: https://dispatch.example/hook\n${secret}`), environment).webhooks ?? [];
    expect(webhook).toMatchObject({ webhookId: 'dispatch', url: 'https://dispatch.example/hook' });
    expect(Buffer.from(webhook?.key ?? []).toString()).toBe('canary-canary-canary');
  });

  test.each([
    ['url: http://127.0.0.1:1/hook\nallowAddresses: [127.0.0.1]'],
    ['url: http://[::1]:1/hook\nallowAddresses: ["::1"]'],
    ['url: http://localhost:1/hook\nallowAddresses: [127.0.0.1, "::1"]'],
    ['url: https://10.0.0.5/hook'],
    ['url: https://[fd00::5]/hook'],
    ['url: http://far.example/hook\nallowHttp: true'],
  ])('may go to %s', (lines) => {
    expect(load(hook(`${lines}\n${secret}`), environment).webhooks).toHaveLength(1);
  });

  test.each([
    [`url: http://far.example/hook\n${secret}`, 'plain http leaves this machine'],
    [
      `url: https://far.example/hook\n${secret}\ncaFile: /nowhere.crt`,
      "webhook dispatch's certificate file /nowhere.crt cannot be read",
    ],
    [`url: https://far.example/hook\n${secret}\ncaFile: /etc/hostname`, 'holds no certificate'],
    [`url: http://10.0.0.5:1/hook\n${secret}\ncaFile: /etc/hostname`, 'caFile is for https'],
    ...[
      ...['127.0.0.1', '127.1', '2130706433', '0x7f.1', 'localhost', '[::1]', '[::ffff:7f00:1]'],
      ...[
        '0.0.0.0',
        '[::]',
        '169.254.169.254',
        '[fe80::1]',
        '100.100.100.200',
        '[64:ff9b::7f00:1]',
      ],
    ].map((host): [string, string] => [
      `url: https://${host}/hook\n${secret}`,
      'name the address in allowAddresses',
    ]),
    [
      `url: https://127.0.0.2/hook\n${secret}\nallowAddresses: [127.0.0.1]`,
      'name the address in allowAddresses',
    ],
    [`url: https://far.example/\n${secret}\nallowAddresses: [here]`, 'that is no address'],
    [`url: http://127.0.0.1.far.example/\n${secret}`, 'plain http leaves this machine'],
    [`url: ftp://far.example/hook\n${secret}`, 'has to begin with https'],
    [`url: https://user:canary@far.example/\n${secret}`, 'does not stand in the url'],
    ['url: https://far.example/hook', 'either secret or secretFile'],
    ['url: https://far.example/hook\nsecret: short', 'shorter than 16 bytes'],
    [`url: https://far.example/hook\nsecret: $${'{NONE}'}`, 'the environment has no NONE'],
  ])('is refused with one sentence: %s', (lines, sentence) => {
    expect(() => load(hook(lines), environment)).toThrow(sentence);
    expect(() => load(hook(lines), environment)).not.toThrow(/canary|short$/);
  });
});
