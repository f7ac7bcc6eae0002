/** Backs a running centre up into one file: `npm run backup -- --to FILE [--config FILE]`. Exits 2 with one sentence when it cannot. */
import { parseArgs } from 'node:util';
import { backUp } from './backup/backup.ts';
import { centrePlaceOf } from './centre-place.ts';
import { loadCollectorConfig } from './load-config.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: 'config/collector.yaml' },
      to: { type: 'string' },
    },
  });
  if (values.to === undefined) throw new Error('name the file: npm run backup -- --to FILE');
  const place = centrePlaceOf(loadCollectorConfig(values.config));
  const { rows, kind } = await backUp(place, values.to, Date.now());
  process.stdout.write(`${JSON.stringify({ backup: values.to, kind, rows })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
