/**
 * Starts one edge box: `npm run edge -- --config FILE`. Exits 2 with one sentence when it cannot start.
 * Before its first start a box gets its broker password: `npm run edge -- enrol --code CODE [--collector URL]`.
 */
import { parseArgs } from 'node:util';
import pino from 'pino';
import { createEdge } from './edge.ts';
import { credentialFile, enrol } from './enrolment.ts';
import { loadEdgeConfig } from './load-config.ts';

const logger = pino({ base: null });
/** Less than systemd gives it. */
const stopsWithinMs = 18_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      config: { type: 'string', default: 'config/edge.yaml' },
      collector: { type: 'string' },
      code: { type: 'string' },
    },
  });
  const [order] = positionals;
  if (order === 'enrol') return enrolBox(values);
  if (order !== undefined) throw new Error(`"${order}" is no order; the only one is enrol`);
  await runBox(values.config);
}

async function runBox(configFile: string): Promise<void> {
  let stuck: string | undefined;
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => kill(stuck ?? 'it did not end in time'), stopsWithinMs);
    void edge.stop().then(() => (stuck === undefined ? process.exit(0) : kill(stuck)));
  };
  const edge = createEdge(loadEdgeConfig(configFile), logger, (reason) => {
    stuck = reason;
    stop();
  });
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await edge.start();
}

/** A thread inside the inference runtime holds up every gentler end of the process, or makes an abort of it. */
function kill(reason: string): void {
  logger.fatal({ reason }, 'the box ends by force');
  process.kill(process.pid, 'SIGKILL');
}

type Given = Readonly<{
  config: string;
  collector?: string | undefined;
  code?: string | undefined;
}>;

async function enrolBox({ config, collector, code }: Given): Promise<void> {
  if (code === undefined) throw new Error('enrol needs --code, which the console gives');
  const { edgeId, dataFolder, collectorUrl } = loadEdgeConfig(config);
  const { username } = await enrol({
    collectorUrl: collector ?? collectorUrl,
    edgeId,
    code,
    dataFolder,
  });
  process.stdout.write(
    `enrolled      ${username}; its password is in ${credentialFile(dataFolder)}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
});
