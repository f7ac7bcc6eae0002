/** The demo's command line: `scripts/demo [--once] [--port N] [--data FOLDER]`. */
import { parseArgs } from 'node:util';

export type DemoOptions = Readonly<{ once: boolean; port: number; dataFolder: string }>;

const usage = `scripts/demo [--once] [--port N] [--data FOLDER]
  --once   print events, alarms and announcements, end after the first alarm was raised and spoken
  --port   port of the console on 127.0.0.1 (default 8080; with --once a free one)
  --data   folder for databases, recordings and pictures (default data/demo; with --once a new one)`;

/** Undefined when only the usage was asked for. Throws on an unknown option, saying which. */
export function readDemoOptions(
  args: readonly string[],
  newFolder: () => string,
): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      port: { type: 'string' },
      data: { type: 'string' },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return undefined;
  }
  const port = Number(values.port ?? (values.once ? 0 : 8080));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${values.port ?? ''} is no port; give a number from 1 to 65535`);
  }
  return {
    once: values.once,
    port,
    dataFolder: values.data ?? (values.once ? newFolder() : 'data/demo'),
  };
}
