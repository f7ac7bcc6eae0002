/**
 * Signs a configuration, or a model's manifest with its model, for boxes and centres that trust a key:
 *   npm run --silent sign -- --key KEY --make-key                              makes KEY (keep it away from them) and KEY.pub
 *   npm run --silent sign -- --key KEY --version 7 edge.yaml                   writes edge.yaml.signature
 *   npm run --silent sign -- --key KEY --version 3 own.manifest.json own.onnx
 * They check it when HAOGUANJIA_TRUST_KEY_FILE names KEY.pub, and keep what they took in HAOGUANJIA_ACCEPTED.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { signFiles } from '../src/contract/signed-files.ts';

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      version: { type: 'string' },
      'make-key': { type: 'boolean', default: false },
    },
  });
  const { key: keyFile, version: given } = values;
  if (keyFile === undefined) throw new Error('name the file of the key with --key');
  if (values['make-key']) {
    makeKey(keyFile);
    return;
  }
  const [first] = positionals;
  if (first === undefined) throw new Error('name the file that is to be signed');
  if (given === undefined || !/^[1-9]\d{0,8}$/.test(given))
    throw new Error('give --version, a whole number that is counted up each time');
  const signature = signFiles(positionals, Number(given), createPrivateKey(readFileSync(keyFile)));
  writeFileSync(`${first}.signature`, signature);
}

/** An earlier key is never written over: what it signed would not be taken any more. */
function makeKey(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  writeFileSync(`${file}.pub`, createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
