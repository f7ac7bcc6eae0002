/** Starts one edge box: `node src/edge/main.ts --config FILE`. Exits 2 with one sentence when it cannot start. */
import { parseArgs } from 'node:util';
import pino from 'pino';
import { createEdge } from './edge.ts';
import { loadEdgeConfig } from './load-config.ts';

const logger = pino({ base: null });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { config: { type: 'string', default: 'config/edge.yaml' } },
  });
  const edge = createEdge(loadEdgeConfig(values.config), logger);
  const stop = (): void => {
    void edge.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await edge.start();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
});
