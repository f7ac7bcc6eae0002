/** The programs of a centre as the harness starts them: a broker, and the real collector on a folder of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram, type Program } from './program.ts';

export type BrokerKind = 'embedded' | 'mosquitto';

export type Place = Readonly<{ folder: string; port: number }>;

export const accounts = { collector: 'centre-secret' } as const;

/** Mosquitto with what it does by default: nothing is kept on disk. */
export function brokerProgram(kind: BrokerKind, { folder, port }: Place, edges: number): Program {
  if (kind === 'embedded') {
    const file = 'scripts/harness/broker-process.ts';
    return createProgram({
      name: 'broker',
      command: () => [process.execPath, file, String(port), String(edges)],
    });
  }
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nuser root\nlog_dest none\n`,
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
  { folder, port }: Place,
  settings: CollectorSettings = {},
): Program {
  const { name = 'collector', more = '', httpPort = 0, onLine, nodeOptions } = settings;
  const config = join(folder, `${name}.yaml`);
  writeFileSync(
    config,
    `http:
  port: ${httpPort}
broker:
  url: mqtt://127.0.0.1:${port}
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
