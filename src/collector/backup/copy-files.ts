/** Copies files that others go on working with: what gets another name or goes meanwhile is passed over. */
import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file or a folder with everything in it; links are followed, for a folder may lie on another disk. */
export function copyFiles(from: string, to: string): void {
  try {
    if (statSync(from).isDirectory()) {
      mkdirSync(to, { recursive: true });
      for (const name of readdirSync(from)) copyFiles(join(from, name), join(to, name));
      return;
    }
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
}
