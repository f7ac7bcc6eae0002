/** The programs of a centre as the harness starts them: a broker, and the real collector on a folder of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram, type Program } from './program.ts';

/**
 * Mosquitto as Debian ships it keeps what it has taken on disk, now and then and at its end; `mosquitto-memory` keeps
 * nothing. Neither is trusted with anything.
 */
const brokerKinds = ['embedded', 'mosquitto', 'mosquitto-memory'] as const;
export type BrokerKind = (typeof brokerKinds)[number];

/** Throws with one sentence on what is none of them. */
export function brokerKindOf(name: string): BrokerKind {
  const kind = brokerKinds.find((known) => known === name);
  if (kind === undefined) throw new Error(`--broker is one of ${brokerKinds.join(', ')}`);
  return kind;
}

/** `host` is where the broker listens, if not on loopback. */
export type Place = Readonly<{ folder: string; port: number; host?: string }>;

export const accounts = { collector: 'centre-secret' } as const;

export function brokerProgram(
  kind: BrokerKind,
  { folder, port, host = '127.0.0.1' }: Place,
  edges: number,
): Program {
  if (kind === 'embedded') {
    const file = 'scripts/harness/broker-process.ts';
    return createProgram({
      name: 'broker',
      command: () => [process.execPath, file, String(port), String(edges), host],
    });
  }
  const config = join(folder, 'mosquitto.conf');
  const keeping =
    kind === 'mosquitto'
      ? `persistence true\npersistence_location ${folder}/\n`
      : 'persistence false\n';
  writeFileSync(
    config,
    `listener ${port} ${host}\nallow_anonymous true\nuser root\nlog_dest none\n${keeping}`,
  );
  return createProgram({
    name: 'broker',
    command: () => ['mosquitto', '-c', config],
    // Debian keeps the broker where only root's path leads.
    environment: () => ({ PATH: `${process.env['PATH']}:/usr/sbin` }),
  });
}

type CollectorSettings = Readonly<{
  name?: string;
  /** More lines of its configuration. */
  more?: string;
  httpPort?: number;
  onLine?: (line: string) => void;
  /** Asked at each start. */
  nodeOptions?: () => readonly string[];
  environment?: () => Readonly<Record<string, string>>;
}>;

/** Its database is `data/collector.sqlite` in the folder. */
export function collectorProgram(
  { folder, port, host = '127.0.0.1' }: Place,
  settings: CollectorSettings = {},
): Program {
  const { name = 'collector', more = '', httpPort = 0, onLine, nodeOptions } = settings;
  const config = join(folder, `${name}.yaml`);
  writeFileSync(
    config,
    `http:
  port: ${httpPort}
broker:
  url: mqtt://${host}:${port}
  username: collector
  password: ${accounts.collector}
dataFolder: ${join(folder, 'data')}
${more}`,
  );
  return createProgram({
    name,
    command: () => [
      process.execPath,
      ...(nodeOptions?.() ?? []),
      'src/collector/main.ts',
      '--config',
      config,
    ],
    ...(onLine === undefined ? {} : { onLine }),
    ...(settings.environment === undefined ? {} : { environment: settings.environment }),
  });
}
