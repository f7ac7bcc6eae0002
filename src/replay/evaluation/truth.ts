/**
 * What is known to be true about a clip, read from a folder: `gt.txt` (MOT Challenge rows), `tripwires.json` (lines and
 * every crossing of them) and `watch-points.json` (circles and every visit of every person).
 * Throws ReplayError `bad-truth` that names the file and what is wrong with it.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { createCheck } from '../../contract/check.ts';
import type { CameraRules } from '../../contract/rule.ts';
import { ReplayError } from '../replay-error.ts';
import type { Crossing } from './crossing-score.ts';
import { type MotRow, readMotRows } from './mot-rows.ts';

const Corner = Type.Tuple([Type.Number(), Type.Number()]);

const Tripwires = Type.Object({
  picture: Corner,
  framesPerSecond: Type.Number({ exclusiveMinimum: 0 }),
  lines: Type.Array(
    Type.Object({
      name: Type.String(),
      start: Corner,
      end: Corner,
      crossings: Type.Array(
        Type.Object({ frame: Type.Integer(), id: Type.Integer(), direction: Type.String() }),
      ),
    }),
  ),
});

const WatchPoints = Type.Object({
  watchPoints: Type.Array(
    Type.Object({
      name: Type.String(),
      centre: Corner,
      radiusOfHeight: Type.Number(),
      /** By person: first frame, last frame, and the id in `gt.txt` of each visit. */
      visits: Type.Record(
        Type.String(),
        Type.Array(Type.Tuple([Type.Integer(), Type.Integer(), Type.Integer()])),
      ),
    }),
  ),
});

export type Visit = Readonly<{ person: string; enterFrame: number; id: number }>;

export type Truth = Readonly<{
  framesPerSecond: number;
  rows: readonly MotRow[];
  crossings: readonly Crossing[];
  visits: ReadonlyMap<string, readonly Visit[]>;
  /** The same lines and circles as rules, so that they can be run. */
  rules: CameraRules;
}>;

export async function readTruth(folder: string): Promise<Truth> {
  const tripwires = await readJson(join(folder, 'tripwires.json'), Tripwires);
  const watchPoints = await readJson(join(folder, 'watch-points.json'), WatchPoints);
  const { lines, framesPerSecond } = tripwires;
  return {
    framesPerSecond,
    rows: await readRows(join(folder, 'gt.txt')),
    crossings: lines.flatMap(({ name, crossings }) =>
      crossings.map(({ frame, direction }) => ({ ruleId: ruleIdOf(name), direction, frame })),
    ),
    visits: new Map(
      watchPoints.watchPoints.map(({ name, visits }) => [ruleIdOf(name), visitsOf(visits)]),
    ),
    rules: {
      schemaVersion: 1,
      tripwires: lines.map(({ name, start, end }) => ({
        ruleId: ruleIdOf(name),
        points: [start, end],
        direction: 'both' as const,
      })),
      watchPoints: watchPoints.watchPoints.map(({ name, centre, radiusOfHeight }) => ({
        ruleId: ruleIdOf(name),
        centre,
        radiusOfHeight,
      })),
    },
  };
}

/** Names are free text, rule ids are not. */
function ruleIdOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 32);
}

function visitsOf(
  visits: Readonly<Record<string, readonly (readonly [number, number, number])[]>>,
): readonly Visit[] {
  return Object.entries(visits).flatMap(([person, list]) =>
    list.map(([enterFrame, , id]) => ({ person, enterFrame, id })),
  );
}

async function readRows(file: string): Promise<readonly MotRow[]> {
  const text = await readText(file);
  try {
    return readMotRows(text);
  } catch (cause) {
    throw new ReplayError('bad-truth', `${file}: ${reasonOf(cause)}`, cause);
  }
}

async function readJson<Schema extends TSchema>(
  file: string,
  schema: Schema,
): Promise<Static<Schema>> {
  const checked = createCheck(schema)(parse(await readText(file), file));
  if (!checked.ok) throw new ReplayError('bad-truth', `${file}: ${checked.reason}`);
  return checked.value;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ReplayError('bad-truth', `${file} is no JSON: ${reasonOf(cause)}`, cause);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ReplayError('bad-truth', `the truth cannot be read: ${reasonOf(cause)}`, cause);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
