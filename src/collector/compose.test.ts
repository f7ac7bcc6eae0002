/** What is shipped for containers: every file that it names is there, no secret has a default, the real parsers take it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { edgeReads, topicsOf } from '../contract/topics.ts';
import { loadCollectorConfig } from './load-config.ts';

type Service = Readonly<{
  environment?: Readonly<Record<string, string>>;
  secrets?: readonly string[];
  volumes?: readonly string[];
  ports?: readonly string[];
}>;
type Compose = Readonly<{
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
  const shipped = mounted.map((path) => path.replace('edge.yaml', 'edge.example.yaml'));
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

test("the collector's configuration is one that it takes", () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  const file = join(folder, 'collector.yaml');
  const text = readFileSync('config/compose/collector.yaml', 'utf8');
  for (const name of ['collector', 'database', 'broker-certificate'])
    writeFileSync(join(folder, name), `${name}-secret`);
  writeFileSync(file, text.replaceAll('/run/secrets', folder));
  const config = loadCollectorConfig(file, {});
  rmSync(folder, { recursive: true });
  expect(config.broker).toMatchObject({ username: 'collector', password: 'collector-secret' });
  expect(config.database).toMatchObject({ host: 'postgres', password: 'database-secret' });
});

test("the broker's list lets an edge do what it has to, below its own id", () => {
  const lines = readFileSync('config/compose/mosquitto.acl', 'utf8').split('\n');
  const patterns = (what: string) =>
    lines
      .filter((line) => line.startsWith(`pattern ${what} `))
      .map((line) => line.split(' ')[2]?.replace('%u', 'edge-1') ?? '');
  expect(patterns('read')).toEqual(expect.arrayContaining([...edgeReads('edge-1')]));
  const { event, snapshot, health, status } = topicsOf('edge-1');
  const written = patterns('write').map((pattern) => pattern.replace('+', 'x'));
  expect(written).toEqual(expect.arrayContaining([event('x'), snapshot('x'), health, status]));
  expect([...patterns('read'), ...written].every((topic) => topic.includes('/edge-1/'))).toBe(true);
  expect(lines.filter((line) => /^(pattern|topic) readwrite/.test(line))).toEqual([]);
});
