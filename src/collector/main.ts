/** Starts the collector: `node src/collector/main.ts --config FILE`. Exits 2 with one sentence when it cannot start. */
import { parseArgs } from 'node:util';
import pino from 'pino';
import { createCollector } from './collector.ts';
import { loadCollectorConfig } from './load-config.ts';

const logger = pino({ base: null });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { config: { type: 'string', default: 'config/collector.yaml' } },
  });
  const collector = await createCollector(loadCollectorConfig(values.config), logger);
  const stop = (): void => {
    void collector.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const { address, setupToken, metricsAddress } = await collector.start();
  process.stdout.write(`console       ${address}\n`);
  if (metricsAddress !== undefined)
    process.stdout.write(`metrics       ${metricsAddress}/metrics\n`);
  if (setupToken !== undefined)
    process.stdout.write(`set-up token  ${setupToken}   (asked once, to make the first account)\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
});
