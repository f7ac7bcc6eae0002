/**
 * Writes Mosquitto's password file and access list for the collector and every enrolled edge, and a configuration around
 * them: `node scripts/mosquitto-files.ts --config config/collector.yaml --out /etc/mosquitto`. Put its certificate beside them
 * (haoguanjia.crt, haoguanjia.key) and start `mosquitto -c /etc/mosquitto/haoguanjia.conf`. Run it again after an edge was
 * enrolled or its right taken away, and send Mosquitto SIGHUP; a configuration that is there is not written over. Mosquitto
 * reads them as a user of its own: run by root, the files are given to its group; otherwise that is left to whoever puts
 * them in their place.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileNames } from '../src/collector/enrolment/mosquitto-config.ts';
import { mosquittoFiles } from '../src/collector/enrolment/mosquitto-files.ts';
import { loadCollectorConfig } from '../src/collector/load-config.ts';
import { createStore } from '../src/collector/store/create-store.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: 'config/collector.yaml' },
      out: { type: 'string', default: '.' },
    },
  });
  const { broker, database, dataFolder } = loadCollectorConfig(values.config);
  const { username, password } = broker;
  if (username === undefined || password === undefined)
    throw new Error(`${values.config}: broker needs a username and a password, as its own account`);
  const file = join(dataFolder, 'collector.sqlite');
  const store = await createStore({ database: database ?? { kind: 'sqlite', file }, places: [] });
  try {
    const files = mosquittoFiles({ username, password }, await store.edgeCredentials());
    const config = join(values.out, fileNames.config);
    if (!existsSync(config)) {
      writeFileSync(config, files.config(resolve(values.out)));
      process.stdout.write(`${config}\n`);
    }
    for (const [name, text] of [
      [fileNames.passwords, files.passwords],
      [fileNames.access, files.access],
    ] as const) {
      const path = join(values.out, name);
      writeFileSync(path, text, { mode: 0o600 });
      process.stdout.write(`${path}\n`);
      if (!giveToBroker(path))
        process.stdout.write(`  let the broker's user read it: chown mosquitto ${path}\n`);
    }
  } finally {
    await store.close();
  }
}

/** False when this user may not, or there is no Mosquitto on this machine. */
function giveToBroker(path: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    const group = execFileSync('id', ['-g', 'mosquitto'], { encoding: 'utf8', stdio: 'pipe' });
    chownSync(path, 0, Number(group));
    chmodSync(path, 0o640);
    return true;
  } catch {
    // No such user here: the broker runs somewhere else.
    return false;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
});
