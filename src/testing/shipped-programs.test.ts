/**
 * The programs as compose.yaml starts them: a real edge, a real centre and Mosquitto with TLS, locked down as containers
 * are, on one clip. They work together; nothing can be written but their data; what listens is what the README says.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hashPassword } from '../collector/enrolment/mosquitto-password.ts';
import { makeCertificate } from './certificate.ts';
import { datagramPorts, isLoopback, listeningPorts } from './listening-ports.ts';
import { canLockDown, lockedUser, startLockedDown } from './locked-down.ts';
import { freePort } from './mosquitto.ts';
import { childEnd } from './processes.ts';

type Started = Readonly<{ child: ChildProcess; told: () => string }>;
const started: Started[] = [];
let folder = '';
const app = (): string => join(folder, 'app');
const patience = { timeout: 120_000, interval: 200 } as const;

/** The three below have one data folder here; what each may write in a container is its own. */
function start(...program: readonly string[]): Started {
  const child = startLockedDown({ data: join(folder, 'data'), app: app() }, program);
  let told = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => {
      told += text.toString();
    });
  const one = { child, told: () => told };
  started.push(one);
  return one;
}

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const passwords = { collector: 'of-the-centre', 'edge-1': 'of-the-box' };

function startBroker(port: number): void {
  const { file: certificate } = makeCertificate(folder, 'broker');
  for (const name of ['broker.key', 'broker.crt']) chmodSync(join(folder, name), 0o444);
  const accounts = Object.entries(passwords).map(([name, one]) => `${name}:${hashPassword(one)}\n`);
  const shipped = readFileSync('config/compose/mosquitto.conf', 'utf8')
    .replace('listener 8883', `listener ${port} 127.0.0.1`)
    .replace('/run/secrets/broker-accounts', written('accounts', accounts.join('')))
    .replace('/mosquitto/config', join(app(), 'config/compose'))
    .replace('/run/secrets/broker-certificate', certificate)
    .replace('/run/secrets/broker-key', join(folder, 'broker.key'));
  start('mosquitto', '-c', written('mosquitto.conf', shipped));
}

const brokerOf = (port: number, username: keyof typeof passwords): string =>
  `broker:
  url: mqtts://127.0.0.1:${port}
  username: ${username}
  password: ${passwords[username]}
  caFile: ${folder}/broker.crt
dataFolder: ${folder}/data
`;

/** Of the README's table: what each program listens on, by the words of its configuration. */
function documented(program: string): readonly string[] {
  const rows = readFileSync('README.md', 'utf8').match(/^\| \w+ \| .* \|$/gm) ?? [];
  return rows.flatMap((row) => {
    const [, name, where = ''] = row.split('|').map((cell) => cell.trim());
    const part = /`(\w+)\.host:\1\.port`/.exec(where)?.[1];
    return name === program && part !== undefined ? [part] : [];
  });
}

describe.skipIf(!canLockDown())('the programs, locked down', () => {
  const ports: Record<string, number> = { http: 0, metrics: 0, status: 0, broker: 0 };
  let centre: Started;
  let box: Started;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${ports['http']}${path}`, init);

  beforeAll(async () => {
    folder = mkdtempSync('/var/tmp/shipped-');
    chmodSync(folder, 0o755);
    mkdirSync(app());
    mkdirSync(join(folder, 'data'));
    chownSync(join(folder, 'data'), lockedUser, lockedUser);
    for (const name of Object.keys(ports)) ports[name] = await freePort();
    const { http, metrics, status, broker = 0 } = ports;
    startBroker(broker);
    const listens = `http: { port: ${http} }\nmetrics: { port: ${metrics} }\n`;
    const config = written('collector.yaml', `${listens}${brokerOf(broker, 'collector')}`);
    centre = start(process.execPath, 'src/collector/main.ts', '--config', config);
    const clip = join(app(), 'test-fixtures/clips/town-square.mp4');
    const cameras = `cameras:\n  - { cameraId: gate, source: ${clip}, analysisFps: 2 }\n`;
    const own = `edgeId: edge-1\ncollectorUrl: http://127.0.0.1:${http}\n${cameras}`;
    const shown = `status: { port: ${status} }\n`;
    const edge = written('edge.yaml', `${own}${shown}${brokerOf(broker, 'edge-1')}`);
    box = start(process.execPath, 'src/edge/main.ts', '--config', edge);
    await vi.waitFor(() => expect(centre.told()).toMatch(/set-up token/), patience);
  }, 180_000);
  afterAll(async () => {
    await Promise.all(started.map(({ child }) => childEnd(child, 'SIGTERM')));
    rmSync(folder, { recursive: true });
  }, 180_000);

  test('S23 work together: the centre sees the box, and the box its camera', async () => {
    const [, token] = /set-up token {2}(\S+)/.exec(centre.told()) ?? [];
    const first = { token, username: 'chief', password: 'a-long-enough-password' };
    const answer = await ask('/api/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(first),
    });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const seen = async () => {
      const cameras = await (await ask('/api/cameras', { headers: { cookie } })).json();
      expect(cameras, box.told().slice(-500)).toMatchObject([{ cameraId: 'gate', state: 'live' }]);
    };
    await vi.waitFor(seen, patience);
    const known = async () => expect((await ask('/health')).status).toBe(200);
    await vi.waitFor(known, patience);
  }, 180_000);

  test('S3 listen on what the README says, on loopback, and on nothing else', () => {
    expect(documented('collector')).toEqual(['http', 'metrics']);
    expect(documented('edge')).toEqual(['status']);
    for (const [program, { child }] of [
      ['collector', centre],
      ['edge', box],
    ] as const) {
      const open = listeningPorts(child.pid);
      const due = documented(program).map((name) => ports[name]);
      expect(open.map(({ port }) => port).sort(), program).toEqual(due.sort());
      expect(open.every(isLoopback), program).toBe(true);
      expect(datagramPorts(child.pid), program).toEqual([]);
    }
  });

  test('S23 have no right of root, no way to one, and write to their data alone', async () => {
    for (const { child } of [centre, box]) {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      expect(status).toMatch(new RegExp(`^Uid:\\s+${lockedUser}\\s+${lockedUser}`, 'm'));
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^CapBnd:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    }
    const places = [app(), join(app(), 'src'), folder, '/var/tmp', '/usr', '/root'];
    const order = [...places, join(folder, 'data')].map((place) => `touch ${place}/written`);
    const tried = start('sh', '-c', order.join('; '));
    await once(tried.child, 'close');
    const refused = tried.told().match(/touch: cannot touch/g) ?? [];
    expect(refused, tried.told()).toHaveLength(places.length);
    expect(readdirSync(join(folder, 'data'))).toEqual(
      expect.arrayContaining(['written', 'collector.sqlite']),
    );
  });
});
