/** A real Mosquitto on a free loopback port, for tests; it can be killed and started again on the same port. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Mosquitto = Readonly<{
  url: string;
  /** Of the authority that signed its certificate; present when it speaks TLS. */
  caFile?: string;
  start: () => Promise<void>;
  /** SIGKILL: whatever it had in memory is gone. */
  kill: () => Promise<void>;
  remove: () => Promise<void>;
}>;

type Account = Readonly<{ username: string; password: string }>;

/** With an account it speaks TLS and lets nobody else in; `lines` are put into its configuration instead. */
export async function createMosquitto(
  settings?: Account | Readonly<{ lines: string }>,
): Promise<Mosquitto> {
  const account = settings !== undefined && 'username' in settings ? settings : undefined;
  const lines = settings !== undefined && 'lines' in settings ? settings.lines : undefined;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const config = join(folder, 'mosquitto.conf');
  const access =
    account === undefined ? (lines ?? 'allow_anonymous true\n') : lockedBy(folder, account);
  writeFileSync(config, `listener ${port} 127.0.0.1\nuser root\n${access}`);
  let child: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = new Promise<void>((resolve) => running.once('exit', () => resolve()));
    running.kill('SIGKILL');
    await gone;
  };

  return {
    url: `${account === undefined ? 'mqtt' : 'mqtts'}://127.0.0.1:${port}`,
    ...(account === undefined ? {} : { caFile: join(folder, 'broker.crt') }),
    start: async () => {
      child = spawn('mosquitto', ['-c', config], {
        stdio: 'ignore',
        env: withSystemPrograms,
      });
      await reachable(port);
    },
    kill,
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian keeps the broker's programs where only root's path leads. */
const withSystemPrograms = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };

/** Makes a certificate that signs itself and a password file; answers the lines that use them. */
function lockedBy(folder: string, { username, password }: Account): string {
  const [key, certificate, accounts] = ['broker.key', 'broker.crt', 'accounts'].map((name) =>
    join(folder, name),
  );
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', String(key), '-out', String(certificate)];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
    { stdio: 'ignore' },
  );
  execFileSync('mosquitto_passwd', ['-b', '-c', String(accounts), username, password], {
    stdio: 'ignore',
    env: withSystemPrograms,
  });
  return [
    'allow_anonymous false',
    `password_file ${accounts}`,
    `keyfile ${key}`,
    `certfile ${certificate}`,
    '',
  ].join('\n');
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}

async function reachable(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
