/**
 * Secrets that can stand in a configuration, a database or a backup and are of no use there: AES-256-GCM
 * (https://csrc.nist.gov/pubs/sp/800/38/d/final) under a key that lies elsewhere. Written `sealed:1:` and, in base64url,
 * the nonce (12 bytes), the tag (16) and the sealed text. Server side only; the console has no secrets.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export type SealKey = Readonly<{ bytes: Buffer }>;

type Environment = Readonly<Record<string, string | undefined>>;

const prefix = 'sealed:1:';
const algorithm = 'aes-256-gcm';
const purpose = Buffer.from('haoguanjia secret 1');
const [keyBytes, nonceBytes, tagBytes] = [32, 12, 16] as const;

export const isSealed = (text: string): boolean => text.startsWith(prefix);

export function seal(secret: string, { bytes }: SealKey): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, bytes, nonce).setAAD(purpose);
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return `${prefix}${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
}

/** Undefined when it was sealed with another key, or is not as it was sealed. */
export function unseal(sealed: string, { bytes }: SealKey): string | undefined {
  const parts = Buffer.from(sealed.slice(prefix.length), 'base64url');
  if (!isSealed(sealed) || parts.length < nonceBytes + tagBytes) return undefined;
  const text = nonceBytes + tagBytes;
  const tag = parts.subarray(nonceBytes, text);
  const decipher = createDecipheriv(algorithm, bytes, parts.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(purpose).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(parts.subarray(text)), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}

export function newSealKey(): string {
  return randomBytes(keyBytes).toString('base64');
}

/** Undefined when the text is no such key. */
export function readSealKey(text: string): SealKey | undefined {
  const bytes = Buffer.from(text.trim(), 'base64');
  return bytes.length === keyBytes ? { bytes } : undefined;
}

/**
 * Where the key lies: a file that the environment names, which then has to be there, or a credential that systemd hands
 * over (LoadCredential), which may be missing among others.
 */
export function sealKeyFile(
  environment: Environment,
  exists: (path: string) => boolean = () => true,
): string | undefined {
  const { HAOGUANJIA_SEAL_KEY_FILE: file, CREDENTIALS_DIRECTORY: credentials } = environment;
  if (file !== undefined && file !== '') return file;
  const credential = `${credentials}/seal-key`;
  return credentials !== undefined && exists(credential) ? credential : undefined;
}
