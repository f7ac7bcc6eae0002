/**
 * The key that signs what leaves the centre: ed25519, made at the first need. It lies in a file that only its owner can
 * read; or, where there is a key to seal it with, sealed in the database, where collectors that share it sign with one.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type SealKey, seal, unseal } from '../../contract/sealed-secret.ts';

export type SigningKey = Readonly<{
  /** PEM. */
  publicKey: string;
  fingerprint: string;
  sign: (content: Uint8Array) => Buffer;
}>;

type Kept = Readonly<{ settleSetting: (name: string, value: string) => Promise<string> }>;

const settingName = 'export-key';

/** Throws when what is kept is no such key, cannot be opened with this key, or cannot be written. */
export async function openSigningKey(
  file: string,
  store: Kept,
  sealKey: SealKey | undefined,
): Promise<SigningKey> {
  if (sealKey === undefined) return toSigningKey(read(file) ?? make(file));
  // A centre that had its key in a file keeps it: what it signed is still its own.
  const kept = await store.settleSetting(settingName, seal(read(file) ?? newKey(), sealKey));
  const opened = unseal(kept, sealKey);
  if (opened !== undefined) return toSigningKey(opened);
  throw new Error(
    'the key of exports was sealed with another key; give every collector of this database the same HAOGUANJIA_SEAL_KEY_FILE',
  );
}

function toSigningKey(pem: string): SigningKey {
  const key = createPrivateKey(pem);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return {
    publicKey,
    fingerprint: fingerprintOf(createPublicKey(key)),
    sign: (content) => sign(null, content, key),
  };
}

/** The first 16 hex digits of the SHA-256 of the key in DER. */
export function fingerprintOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Of two programs that make one at once, both use the one that was there first. */
function make(file: string): string {
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, newKey(), { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8');
}
