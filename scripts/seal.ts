/**
 * Seals a secret for a configuration or a password file. The secret comes on standard input, never as an argument:
 *   npm run --silent seal -- --key FILE --make-key                    makes the key, readable by its owner only
 *   npm run --silent seal -- --key FILE < secret                      prints `sealed:1:...`
 * The edge and the collector open it with HAOGUANJIA_SEAL_KEY_FILE=FILE, or with systemd's LoadCredential=seal-key:FILE.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { newSealKey, readSealKey, seal } from '../src/contract/sealed-secret.ts';

function main(): void {
  const { values } = parseArgs({
    options: { key: { type: 'string' }, 'make-key': { type: 'boolean', default: false } },
  });
  const { key: file } = values;
  if (file === undefined) throw new Error('name the file of the key with --key');
  if (values['make-key']) {
    // An earlier key is never written over: what it sealed could not be opened any more.
    writeFileSync(file, `${newSealKey()}\n`, { mode: 0o600, flag: 'wx' });
    return;
  }
  const key = readSealKey(readFileSync(file, 'utf8'));
  if (key === undefined) throw new Error(`${file} holds no key; make one with --make-key`);
  const [secret = ''] = readFileSync(0, 'utf8').split('\n');
  if (secret === '') throw new Error('give the secret on standard input');
  process.stdout.write(`${seal(secret, key)}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
