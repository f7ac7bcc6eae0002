/**
 * Prepared sounds on disk, each under the hash of everything that shapes it, together at most so many bytes: what was
 * asked for longest ago goes first. What one process makes, another that shares the folder finds.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

export type SoundCache = Readonly<{
  /** Makes the folder and clears what a crash left in it. */
  start: () => Promise<void>;
  /** The file's path when it is there; it counts as asked for now. */
  find: (key: string) => Promise<string | undefined>;
  /** Lets `make` write into a folder of its own, and keeps the file that it answers with. */
  make: <Refused>(
    key: string,
    make: (folder: string) => Promise<Readonly<{ ok: true; path: string }> | Refused>,
  ) => Promise<Readonly<{ ok: true; path: string }> | Refused>;
}>;

export function createSoundCache(folder: string, mostBytes: number): SoundCache {
  /** Tells the unfinished work of this process from what an earlier one left behind. */
  const ownPrefix = randomUUID();
  const pathOf = (key: string): string => join(folder, `${key}.wav`);

  return {
    start: async () => {
      await mkdir(folder, { recursive: true });
      const leftovers = (await readdir(folder)).filter(
        (name) => name.endsWith('.part') && !name.startsWith(ownPrefix),
      );
      for (const name of leftovers) await rm(join(folder, name), { recursive: true, force: true });
      await shrink(folder, mostBytes);
    },
    find: async (key) => {
      const path = pathOf(key);
      const now = new Date();
      return utimes(path, now, now).then(
        () => path,
        () => undefined,
      );
    },
    make: async (key, make) => {
      const aside = join(folder, `${ownPrefix}-${randomUUID()}.part`);
      await mkdir(aside, { recursive: true });
      try {
        const made = await make(aside);
        if (!isMade(made)) return made;
        const path = pathOf(key);
        await rename(made.path, path);
        await shrink(folder, mostBytes, path);
        return { ok: true, path };
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    },
  };
}

function isMade<Refused>(
  made: Readonly<{ ok: true; path: string }> | Refused,
): made is Readonly<{ ok: true; path: string }> {
  return typeof made === 'object' && made !== null && 'ok' in made && made.ok === true;
}

type Kept = Readonly<{ path: string; bytes: number; askedAtMs: number }>;

/** The newest stays even when it alone is too large: somebody is about to play it. */
async function shrink(folder: string, mostBytes: number, newest?: string): Promise<void> {
  const kept = (await keptIn(folder)).sort((a, b) => b.askedAtMs - a.askedAtMs);
  let bytes = 0;
  for (const sound of kept) {
    bytes += sound.bytes;
    if (bytes > mostBytes && sound.path !== newest) await rm(sound.path, { force: true });
  }
}

async function keptIn(folder: string): Promise<Kept[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.wav'));
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another process may have removed it meanwhile.
      const facts = await stat(path).catch(() => undefined);
      return facts === undefined ? [] : [{ path, bytes: facts.size, askedAtMs: facts.mtimeMs }];
    }),
  );
  return found.flat();
}
