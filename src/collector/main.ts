/** Starts the collector: `node src/collector/main.ts --config FILE`. Exits 2 with one sentence when it cannot start. */
import { parseArgs } from 'node:util';
import pino from 'pino';
import { createCollector } from './collector.ts';
import { loadCollectorConfig } from './load-config.ts';

const logger = pino({ base: null });
/** Whoever stops a service waits for about ten seconds before it kills. */
const endWithinMs = 9000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { config: { type: 'string', default: 'config/collector.yaml' } },
  });
  const collector = await createCollector(loadCollectorConfig(values.config), logger);
  let isStopping = false;
  // Asked twice (a terminal, and npm in front of it) it goes on ending well: the time is limited anyway.
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => {
      logger.error(
        {},
        'not everything could be brought to its end in time; the edges send it again',
      );
      process.exit(0);
    }, endWithinMs);
    void collector.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
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
