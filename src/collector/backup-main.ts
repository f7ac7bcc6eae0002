/** Backs a running centre up into one file: `npm run backup -- --to FILE [--config FILE]`. Exits 2 with one sentence when it cannot. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backUp } from './backup/backup.ts';
import { loadCollectorConfig } from './load-config.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: 'config/collector.yaml' },
      to: { type: 'string' },
    },
  });
  if (values.to === undefined) throw new Error('name the file: npm run backup -- --to FILE');
  const { dataFolder, database, recordingsFolder } = loadCollectorConfig(values.config);
  const file = join(dataFolder, 'collector.sqlite');
  const place = {
    dataFolder,
    database: database ?? ({ kind: 'sqlite', file } as const),
    ...(recordingsFolder === undefined ? {} : { recordingsFolder }),
  };
  const { rows, kind } = await backUp(place, values.to, Date.now());
  process.stdout.write(`${JSON.stringify({ backup: values.to, kind, rows })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
