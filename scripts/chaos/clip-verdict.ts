/** Clips that the edge said to have kept: each is whole on the edge's disk or at the centre, and nothing lies there by half. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProducerLog } from './producer-log.ts';
import { edgeFolder } from './ring.ts';
import { collectorFile, readAll } from './verdict.ts';

type ClipFaults = Readonly<{
  clips: number;
  /** Of which the edge said at the end that the centre has not got them. */
  clipsWaiting: number;
  /** Neither at the edge nor at the centre. */
  clipsLost: number;
  /** A file without its row or card, a row or card without its file, or a file that is not what it says. */
  clipsHalf: number;
}>;

type Log = Pick<ProducerLog, 'clips' | 'clipsDue'>;

/** The programs have to have ended. */
export function clipFaults(folder: string, log: Log): ClipFaults {
  const { clips: kept } = log;
  const shelf = join(edgeFolder(folder), 'clips');
  const cards = new Map(
    namesIn(shelf, '.json').map((clipId) => {
      const card = JSON.parse(readFileSync(join(shelf, `${clipId}.json`), 'utf8'));
      return [clipId, String(card.sha256)];
    }),
  );
  const rows = new Map(
    readAll(collectorFile(folder), 'select clip_id, sha256 from clip').map((row) => [
      String(row['clip_id']),
      String(row['sha256']),
    ]),
  );
  return {
    clips: kept.size,
    clipsWaiting: log.clipsDue(),
    clipsLost: [...kept].filter((clipId) => !cards.has(clipId) && !rows.has(clipId)).length,
    clipsHalf: halves(shelf, cards) + halves(join(folder, 'data', 'clips'), rows),
  };
}

function halves(folder: string, known: ReadonlyMap<string, string>): number {
  const files = namesIn(folder, '.mp4');
  const strange = files.filter((clipId) => !known.has(clipId));
  const wrong = [...known].filter(([clipId, sha256]) => {
    const file = join(folder, `${clipId}.mp4`);
    return !existsSync(file) || digest(file) !== sha256;
  });
  return strange.length + wrong.length;
}

function namesIn(folder: string, ending: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
