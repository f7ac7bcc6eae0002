/** Checks an export of an alarm: that nothing in it was changed, added or removed since the centre signed it. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createCheck } from '../../contract/check.ts';
import { Manifest, manifestName, signatureName } from './manifest.ts';
import { fingerprintOf } from './signing-key.ts';
import { readTar } from './tar.ts';

export type Verdict =
  | Readonly<{ ok: true; manifest: Manifest }>
  | Readonly<{ ok: false; reason: string }>;

const checkManifest = createCheck(Manifest);

/** Without a key (PEM) it is only known that the export is whole, not that this centre made it. */
export function verifyExport(archive: Buffer, trustedKey?: string): Verdict {
  const tar = readTar(archive);
  if (!tar.ok) return tar;
  const told = tar.files.get(manifestName);
  const signature = tar.files.get(signatureName);
  if (told === undefined || signature === undefined) return fault('there is no signed manifest');
  const manifest = manifestOf(told);
  if (manifest === undefined) return fault('the manifest cannot be read');
  const own = keyOf(manifest.publicKey);
  const key = trustedKey === undefined ? own : keyOf(trustedKey);
  if (key === undefined) return fault('this is no public key');
  if (own === undefined || !key.equals(own))
    return fault('another key than the trusted one signed');
  if (!isSigned(told, signature, key)) return fault('the signature does not fit the manifest');
  if (manifest.centre !== fingerprintOf(key)) return fault('the manifest names another centre');
  const broken = faultOfFiles(manifest, tar.files);
  return broken === undefined ? { ok: true, manifest } : fault(broken);
}

const fault = (reason: string): Verdict => ({ ok: false, reason });

function manifestOf(bytes: Buffer): Manifest | undefined {
  try {
    const checked = checkManifest(JSON.parse(bytes.toString('utf8')));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function isSigned(told: Buffer, file: Buffer, key: KeyObject): boolean {
  const signature = Buffer.from(file.toString('latin1'), 'base64');
  // Base64 can be written in several ways; only the one that was written counts.
  const isAsWritten = file.equals(Buffer.from(`${signature.toString('base64')}\n`));
  return isAsWritten && verify(null, told, key, signature);
}

function faultOfFiles({ files }: Manifest, found: ReadonlyMap<string, Buffer>): string | undefined {
  for (const { name, bytes, sha256 } of files) {
    const content = found.get(name);
    if (content === undefined) return `${name} is missing`;
    const hash = createHash('sha256').update(content).digest('hex');
    if (content.length !== bytes || hash !== sha256) return `${name} has been changed`;
  }
  const known = new Set([...files.map(({ name }) => name), manifestName, signatureName]);
  const extra = [...found.keys()].find((name) => !known.has(name));
  return extra === undefined ? undefined : `${extra} does not belong to the export`;
}
