/** The key that signs what leaves the centre: ed25519, made at the first need, readable by its owner only. */
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

export type SigningKey = Readonly<{
  /** PEM. */
  publicKey: string;
  fingerprint: string;
  sign: (content: Uint8Array) => Buffer;
}>;

/** Throws when the file is there and is no such key, or cannot be written. */
export function openSigningKey(file: string): SigningKey {
  const key = createPrivateKey(read(file) ?? make(file));
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

/** Of two programs that make one at once, both use the one that was there first. */
function make(file: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
    flush: true,
  });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8');
}
