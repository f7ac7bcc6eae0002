/**
 * Configurations and models that a box or a centre takes only from whom it trusts. Beside `FILE` lies `FILE.signature`: a
 * version and the SHA-256 of FILE and of what belongs to it, signed with ed25519 (https://www.rfc-editor.org/rfc/rfc8032).
 * What was taken is copied; what is changed, not signed, or older than what was taken before is refused in one sentence, and
 * the copy is used instead. Without a trusted key nothing of this is asked. Server side only.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Type } from 'typebox';
import { createCheck } from './check.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Contents = ReadonlyMap<string, Buffer>;
type Bundle = Readonly<{ version: number; contents: Contents; signature: Buffer }>;
type Opened = Readonly<{ ok: true; bundle: Bundle }> | Readonly<{ ok: false; reason: string }>;

const checkSignature = createCheck(
  Type.Object({
    version: Type.Integer({ minimum: 1 }),
    files: Type.Record(Type.String({ pattern: '^[^/\\\\]+$' }), Type.String()),
    signature: Type.String(),
  }),
);

/** What is to be written into `FILE.signature`; the first of the files is FILE. */
export function signFiles(paths: readonly string[], version: number, key: KeyObject): string {
  const [name = ''] = paths.map((path) => basename(path));
  const files = hashesOf(new Map(paths.map((path) => [basename(path), readFileSync(path)])));
  const signature = sign(null, signedText(name, version, files), key).toString('base64');
  return `${JSON.stringify({ version, files, signature }, null, 2)}\n`;
}

/**
 * The path to read FILE from: itself when no key is trusted, otherwise the copy of what was taken. `tell` is called with a
 * sentence when FILE was refused and an earlier one is used. Throws an Error when there is none.
 */
export function trustedPath(
  path: string,
  environment: Environment,
  tell: (sentence: string) => void = toStandardError,
): string {
  const keyFile = environment['HAOGUANJIA_TRUST_KEY_FILE'];
  if (keyFile === undefined || keyFile === '') return path;
  const key = readKey(keyFile);
  const name = basename(path);
  const kept = join(keptFolder(environment), name);
  const before = newestKept(kept, name, key);
  const given = openBundle(dirname(path), name, key);
  const fault = given.ok ? olderThan(given.bundle, before) : given.reason;
  if (given.ok && fault === undefined) {
    const isKept = before?.version === given.bundle.version;
    return join(isKept ? folderOf(kept, before) : keep(kept, given.bundle), name);
  }
  const sentence = `${path} is refused: ${fault}; sign it with: npm run sign`;
  if (before === undefined) throw new Error(sentence);
  tell(`${sentence}; version ${before.version} is used, which was taken before`);
  return join(folderOf(kept, before), name);
}

const toStandardError = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

function readKey(file: string): KeyObject {
  try {
    const key = createPublicKey(readFileSync(file));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, whatever it is.
  }
  throw new Error(`${file} holds no public key of ed25519; make one with: npm run sign`);
}

function keptFolder({ STATE_DIRECTORY: state, HAOGUANJIA_ACCEPTED: named }: Environment): string {
  if (named !== undefined && named !== '') return named;
  if (state !== undefined && state !== '') return join(state, 'accepted');
  throw new Error(
    'a key is trusted and there is no place for what was taken; set HAOGUANJIA_ACCEPTED to a folder that only this program writes',
  );
}

function openBundle(folder: string, name: string, key: KeyObject): Opened {
  const bytes = contentOf(join(folder, `${name}.signature`));
  if (bytes === undefined) return { ok: false, reason: 'it is not signed' };
  const told = signatureIn(bytes);
  if (told === undefined) return { ok: false, reason: 'its signature cannot be read' };
  const { version, files, signature } = told;
  const signed = signedText(name, version, files);
  const given = Buffer.from(signature, 'base64');
  // Base64 can be written in several ways; only the one that was written counts.
  const isWhole = files[name] !== undefined && given.toString('base64') === signature;
  if (!isWhole || !verify(null, signed, key, given))
    return { ok: false, reason: 'it is not signed by the trusted key' };
  const contents = new Map<string, Buffer>();
  for (const [file, hash] of Object.entries(files)) {
    const content = contentOf(join(folder, file));
    if (content === undefined) return { ok: false, reason: `${file} is missing` };
    if (hashOf(content) !== hash) return { ok: false, reason: `${file} was changed` };
    contents.set(file, content);
  }
  return { ok: true, bundle: { version, contents, signature: bytes } };
}

/** A version is one content: the same number with another one is no newer. */
function olderThan({ version, contents }: Bundle, before: Bundle | undefined): string | undefined {
  if (before === undefined || version > before.version) return undefined;
  if (version < before.version)
    return `it is version ${version}, and version ${before.version} was taken before`;
  const isSame = JSON.stringify(hashesOf(contents)) === JSON.stringify(hashesOf(before.contents));
  return isSame ? undefined : `another version ${version} was taken before; count it up`;
}

function newestKept(kept: string, name: string, key: KeyObject): Bundle | undefined {
  const versions = namesIn(kept).filter((one) => /^\d+$/.test(one));
  for (const version of versions.sort((one, other) => Number(other) - Number(one))) {
    const opened = openBundle(join(kept, version), name, key);
    if (opened.ok && opened.bundle.version === Number(version)) return opened.bundle;
  }
  return undefined;
}

const folderOf = (kept: string, { version }: Bundle): string => join(kept, String(version));

/** Whole or not at all, in the place of a copy that is damaged; older ones go, the one before stays. */
function keep(kept: string, bundle: Bundle): string {
  const { version, contents, signature } = bundle;
  const folder = folderOf(kept, bundle);
  const draft = join(kept, `draft-${process.pid}`);
  for (const stale of [draft, folder]) rmSync(stale, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const [name = ''] = [basename(kept)];
  for (const [file, content] of contents)
    writeFileSync(join(draft, file), content, { flush: true });
  writeFileSync(join(draft, `${name}.signature`), signature, { flush: true });
  renameSync(draft, folder);
  const old = namesIn(kept).filter((one) => Number(one) < version);
  for (const one of old.sort((a, b) => Number(b) - Number(a)).slice(1))
    rmSync(join(kept, one), { recursive: true });
  return folder;
}

const signedText = (name: string, version: number, files: Readonly<Record<string, string>>) =>
  Buffer.from(JSON.stringify(['haoguanjia files 1', name, version, Object.entries(files).sort()]));

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const hashesOf = (contents: Contents): Record<string, string> =>
  Object.fromEntries([...contents].map(([file, content]) => [file, hashOf(content)]));

function signatureIn(bytes: Buffer) {
  try {
    const checked = checkSignature(JSON.parse(bytes.toString()));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}

function contentOf(file: string): Buffer | undefined {
  return ifThere(() => readFileSync(file));
}
const namesIn = (folder: string): readonly string[] => ifThere(() => readdirSync(folder)) ?? [];

function ifThere<Found>(read: () => Found): Found | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
