/** Files that are there whole or not at all, whatever is killed or unplugged: written aside, synced, renamed, folder synced. */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export const unfinished = '.part';

/** Rejects with the system's error; nothing is left behind then. */
export async function writeDurably(file: string, bytes: string | Uint8Array): Promise<void> {
  const aside = file + unfinished;
  try {
    const handle = await open(aside, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await moveDurably(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** For a file that somebody else has written; it is synced first. */
export async function finishDurably(aside: string, file: string): Promise<void> {
  const handle = await open(aside, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await moveDurably(aside, file);
}

async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  const folder = await open(dirname(to), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
