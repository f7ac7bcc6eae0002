/**
 * The name of a folder of clips, in a file of its own within it. Several collectors may share a database and not a folder,
 * and a folder may not be mounted: a clip that is not here is gone only when it was in this very folder.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export const placeFile = '.place';

/** Named at the first need. Rejects when the folder does not take it. */
export async function placeOf(folder: string): Promise<string> {
  const file = join(folder, placeFile);
  const known = await nameIn(file);
  if (known !== undefined) return known;
  const name = randomUUID();
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(name);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return name;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') await rm(file, { force: true });
    // Another collector of the same folder was first.
    const other = await nameIn(file);
    if (other === undefined) throw error;
    return other;
  }
}

/** Undefined for one that a power cut has left empty: then it is named anew, and its clips are found by their files. */
async function nameIn(file: string): Promise<string | undefined> {
  try {
    const name = await readFile(file, 'utf8');
    if (name !== '') return name;
    await rm(file, { force: true });
    return undefined;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}
