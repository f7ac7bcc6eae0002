/** Writes a result into a folder that is made when it is not there. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReplayError } from './replay-error.ts';

/** Rejects with ReplayError `cannot-write`. */
export async function writeOutput(
  folder: string,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the result cannot be written: ${reason}; choose another folder with --output`;
    throw new ReplayError('cannot-write', message, cause);
  }
}
