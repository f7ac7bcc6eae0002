/** A backup is one tar file: a copy of the database, the files beside it, and a list of them with their checksums. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

export type Manifest = Readonly<{
  format: 1;
  kind: 'sqlite' | 'postgres';
  atMs: number;
  /** Rows of each table. */
  rows: Readonly<Record<string, number>>;
  sha256: Readonly<Record<string, string>>;
}>;

/** A backup that cannot be made, or cannot be trusted; one sentence. */
export class BackupError extends Error {
  readonly code = 'backup-unusable';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'BackupError';
  }
}

const manifestName = 'manifest.json';

/** Packs everything in the folder; the file appears under its name when it is whole. */
export function pack(folder: string, file: string, facts: Omit<Manifest, 'sha256'>): Manifest {
  const sha256 = Object.fromEntries(filesIn(folder).map((path) => [path, checksum(folder, path)]));
  const manifest = { ...facts, sha256 };
  writeFileSync(join(folder, manifestName), JSON.stringify(manifest, undefined, 2));
  // It holds hashes of passwords and a key: nobody else may read it, not even while it is written.
  rmSync(`${file}.part`, { force: true });
  writeFileSync(`${file}.part`, '', { mode: 0o600 });
  run('tar', ['--sparse', '-cf', `${file}.part`, '-C', folder, '.']);
  renameSync(`${file}.part`, file);
  return manifest;
}

/** Unpacks into an empty folder and compares every checksum. Throws BackupError. */
export function unpack(file: string, folder: string): Manifest {
  if (!existsSync(file)) throw new BackupError(`the backup ${file} is not there`);
  try {
    run('tar', ['-xf', file, '-C', folder]);
    const manifest = JSON.parse(readFileSync(join(folder, manifestName), 'utf8')) as Manifest;
    const changed = Object.entries(manifest.sha256).find(
      ([path, sum]) => checksum(folder, path) !== sum,
    );
    if (changed === undefined) return manifest;
    throw new BackupError(`${changed[0]} in the backup ${file} has been changed`);
  } catch (error) {
    if (error instanceof BackupError && !error.message.startsWith('tar')) throw error;
    throw new BackupError(`${file} is no whole backup; take an older one`, error);
  }
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Piece by piece: a database is larger than what can be read in one go. */
function checksum(folder: string, path: string): string {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(4 * 1024 ** 2);
  const file = openSync(join(folder, path), 'r');
  try {
    for (let bytes = readSync(file, piece); bytes > 0; bytes = readSync(file, piece))
      hash.update(piece.subarray(0, bytes));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

/** Throws BackupError with what the program said last. */
export function run(program: string, args: readonly string[], environment = {}): string {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? '').trim();
    throw new BackupError(`${program} failed: ${said.split('\n').at(-1) ?? ''}`, error);
  }
}
