/** What is shipped for containers: every file that it names is there, no secret has a default, the real parsers take it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { edgeReads, edgeWrites, outputTopics } from '../contract/topics.ts';
import { loadEdgeConfig } from '../edge/load-config.ts';
import { loadCollectorConfig } from './load-config.ts';

type Service = Readonly<{
  command?: readonly string[];
  depends_on?: Readonly<Record<string, unknown>>;
  healthcheck?: Readonly<{ test: readonly string[] }>;
  read_only?: boolean;
  cap_drop?: readonly string[];
  networks?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  secrets?: readonly string[];
  volumes?: readonly string[];
  ports?: readonly string[];
}>;
type Compose = Readonly<{
  networks: Readonly<Record<string, unknown>>;
  services: Readonly<Record<string, Service>>;
  secrets: Readonly<Record<string, Readonly<{ file: string }>>>;
}>;

const compose = parse(readFileSync('compose.yaml', 'utf8')) as Compose;
const services = Object.values(compose.services);

test('there are a collector, an edge, a broker and a database, and the files that they mount', () => {
  expect(Object.keys(compose.services).sort()).toEqual([
    ...['collector', 'edge', 'mosquitto', 'postgres'],
  ]);
  const mounted = services.flatMap(({ volumes = [] }) =>
    volumes.filter((line) => line.startsWith('./')).map((line) => line.split(':')[0] ?? ''),
  );
  // The cameras are whoever's who installs it; the example is what it begins with.
  const shipped = mounted.map((path) => path.replace('/edge.yaml', '/edge.example.yaml'));
  expect(shipped.filter((path) => !existsSync(path))).toEqual([]);
});

test('every secret is a file that has to be made, and none is written down', () => {
  const used = new Set(services.flatMap(({ secrets = [] }) => secrets));
  expect([...used].sort()).toEqual(Object.keys(compose.secrets).sort());
  for (const { file } of Object.values(compose.secrets)) {
    expect(file).toMatch(/^\.\/secrets\//);
    expect(existsSync(file), file).toBe(false);
  }
  const passwords = services
    .flatMap(({ environment = {} }) => Object.entries(environment))
    .filter(([name]) => /PASSWORD|SECRET|TOKEN/.test(name));
  expect(passwords).toEqual([['POSTGRES_PASSWORD_FILE', '/run/secrets/database']]);
  const open = services.flatMap(({ ports = [] }) => ports);
  expect(open.every((port) => /^(127\.0\.0\.1|\$\{BROKER_ADDRESS:\?)/.test(port))).toBe(true);
});

/** Reads a configuration as its container would: mounted where its command says, its secrets being those it is given. */
function loaded<Config>(
  name: string,
  shipped: string,
  load: (file: string, environment: Readonly<Record<string, string>>) => Config,
): Config {
  const {
    command = [],
    volumes = [],
    secrets = [],
    environment = {},
  } = compose.services[name] ?? {};
  const words = command.filter((word) => !word.startsWith('--') || word === '--config');
  const [program = '', option, mounted = ''] = words;
  expect(existsSync(program), program).toBe(true);
  expect(option).toBe('--config');
  const source = volumes.find((line) => line.split(':')[1] === mounted)?.split(':')[0];
  expect(source?.replace('/edge.yaml', '/edge.example.yaml')).toBe(shipped);
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  try {
    for (const secret of secrets) writeFileSync(join(folder, secret), `${secret}-secret`);
    const file = join(folder, 'config.yaml');
    writeFileSync(file, readFileSync(shipped, 'utf8').replaceAll('/run/secrets', folder));
    return load(file, environment);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Data outlives the container, and is where the image lets the program write. */
const keepsData = (name: string) =>
  compose.services[name]?.volumes?.some((line) => line.endsWith(':/app/data'));

test("the collector's configuration is one that it takes, and names its neighbours", () => {
  const config = loaded('collector', './config/compose/collector.yaml', loadCollectorConfig);
  const { broker, database, dataFolder, http } = config;
  expect(broker).toMatchObject({ username: 'collector', password: 'collector-secret' });
  expect(database).toMatchObject({ host: 'postgres', password: 'database-secret' });
  const { postgres, collector } = compose.services;
  expect(database).toMatchObject({
    user: postgres?.environment?.['POSTGRES_USER'],
    database: postgres?.environment?.['POSTGRES_DB'],
  });
  expect([dataFolder, keepsData('collector')]).toEqual(['/app/data', true]);
  expect(collector?.ports).toEqual([`127.0.0.1:8080:${http.port}`]);
  expect(collector?.healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${http.port}/health`);
  expect(Object.keys(collector?.depends_on ?? {})).toEqual([
    'postgres',
    new URL(broker.url).hostname,
  ]);
});

test("the edge's configuration is one that it takes, and names its neighbours", () => {
  const config = loaded('edge', './config/compose/edge.example.yaml', loadEdgeConfig);
  const { broker, edgeId, dataFolder, collectorUrl } = config;
  expect(broker).toMatchObject({ username: edgeId, password: `${edgeId}-secret` });
  expect([dataFolder, keepsData('edge')]).toEqual(['/app/data', true]);
  expect(collectorUrl).toBe('http://collector:8080');
  const collector = loaded('collector', './config/compose/collector.yaml', loadCollectorConfig);
  expect(broker.url).toBe(collector.broker.url);
  // The certificate that the comment makes is for this name.
  expect(readFileSync('compose.yaml', 'utf8')).toContain(
    `subjectAltName=DNS:${new URL(broker.url).hostname}`,
  );
});

test('what is ours runs without rights and writes to its data alone', () => {
  for (const name of ['collector', 'edge', 'mosquitto'])
    expect(compose.services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.any(String),
      pids_limit: expect.any(Number),
    });
  const image = readFileSync('Dockerfile', 'utf8');
  expect(image).toMatch(/^USER 10001:10001$/m);
  expect(image).toMatch(/chown 10001:10001 \/app\/data$/m);
});

test('the database is reached by the collector alone', () => {
  expect(compose.networks['database']).toEqual({ internal: true });
  const inside = Object.entries(compose.services).filter(([, { networks = ['default'] }]) =>
    networks.includes('database'),
  );
  expect(inside.map(([name]) => name).sort()).toEqual(['collector', 'postgres']);
  expect(compose.services['postgres']).toMatchObject({ networks: ['database'] });
});

test("the broker's list lets an edge do what it has to, below its own id", () => {
  const lines = readFileSync('config/compose/mosquitto.acl', 'utf8').split('\n');
  const patterns = (what: string) =>
    lines
      .filter((line) => line.startsWith(`pattern ${what} `))
      .map((line) => line.split(' ')[2]?.replace('%u', 'edge-1') ?? '');
  expect(patterns('read').sort()).toEqual([...edgeReads('edge-1')].sort());
  const written = patterns('write').sort();
  expect(written).toEqual([...edgeWrites('edge-1')].sort());
  expect([...patterns('read'), ...written].every((topic) => topic.includes('/edge-1/'))).toBe(true);
  expect(lines.filter((line) => /^(pattern|topic) readwrite/.test(line))).toEqual([]);
  expect(lines).toEqual(
    expect.arrayContaining(outputTopics.map((topic) => `topic write ${topic}`)),
  );
});

test('the EMQX list of the scaling page lets an edge and the collector do the same', () => {
  const page = readFileSync('config/scaling.md', 'utf8');
  const rules = [...page.matchAll(/^\{allow, [\s\S]*?\]\}\.$/gm)].map(([rule]) => rule);
  const topicsOf = (start: string) =>
    [
      ...(rules.find((rule) => rule.startsWith(start)) ?? '').matchAll(
        /"(haoguanjia[^"]*|home[^"]*)"/g,
      ),
    ].map(([, topic = '']) => topic.replace(/[$][{]username[}]/, 'edge-1'));
  expect(topicsOf('{allow, all, publish').sort()).toEqual([...edgeWrites('edge-1')].sort());
  expect(topicsOf('{allow, all, subscribe').sort()).toEqual([...edgeReads('edge-1')].sort());
  expect(topicsOf('{allow, {user, "collector"}')).toEqual(['haoguanjia/v1/#', ...outputTopics]);
});

test('no secret and no configuration of the place gets into the image', () => {
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
  expect(ignored).toEqual(
    expect.arrayContaining(['secrets', 'data', '.git', 'config/compose/edge.yaml']),
  );
});
