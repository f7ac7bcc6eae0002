/** Puts a backup in the place of a stopped centre's data: `npm run restore -- --from FILE [--config FILE]`. Exits 2 with one sentence when it cannot. */
import { parseArgs } from 'node:util';
import { restore } from './backup/backup.ts';
import { centrePlaceOf } from './centre-place.ts';
import { loadCollectorConfig } from './load-config.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: 'config/collector.yaml' },
      from: { type: 'string' },
    },
  });
  if (values.from === undefined) throw new Error('name the file: npm run restore -- --from FILE');
  const place = centrePlaceOf(loadCollectorConfig(values.config));
  const { rows, kind } = await restore(place, values.from, Date.now());
  process.stdout.write(`${JSON.stringify({ restore: values.from, kind, rows })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
