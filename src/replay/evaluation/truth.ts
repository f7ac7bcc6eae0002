/**
 * What is known to be true about a clip, read from a folder: `gt.txt` (MOT Challenge rows), `tripwires.json` (lines and
 * every crossing of them), `watch-points.json` (circles and every visit of every person) and `persons.json` (which ids
 * are one person). Throws ReplayError `bad-truth` that names the file and what is wrong with it.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { createCheck } from '../../contract/check.ts';
import type { CameraRules } from '../../contract/rule.ts';
import type { Box } from '../../contract/shape.ts';
import { ReplayError } from '../replay-error.ts';
import type { Crossing } from './crossing-score.ts';
import { type MotRow, readMotRows } from './mot-rows.ts';
import type { TruePerson } from './reidentification-score.ts';
import type { Visit } from './watch-point-score.ts';

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

const Persons = Type.Object({
  persons: Type.Array(Type.Object({ person: Type.String(), ids: Type.Array(Type.Integer()) })),
});

/** `box` is where the object was at that moment, in source pixels. */
export type PlacedCrossing = Crossing & Readonly<{ box: Box }>;

type WatchedCircle = Readonly<{
  ruleId: string;
  /** The twin of the rule that reports every single visit. */
  visitRuleId: string;
  visits: readonly Visit[];
}>;

export type Truth = Readonly<{
  framesPerSecond: number;
  rows: readonly MotRow[];
  crossings: readonly PlacedCrossing[];
  watchPoints: readonly WatchedCircle[];
  persons: readonly TruePerson[];
  /** The same lines and circles as rules, so that they can be run. */
  rules: CameraRules;
}>;

export async function readTruth(folder: string): Promise<Truth> {
  await assertFolder(folder);
  const tripwires = await readJson(join(folder, 'tripwires.json'), Tripwires);
  const { watchPoints } = await readJson(join(folder, 'watch-points.json'), WatchPoints);
  const { persons } = await readJson(join(folder, 'persons.json'), Persons);
  const { lines, framesPerSecond } = tripwires;
  const rows = await readRows(join(folder, 'gt.txt'));
  const boxes = new Map(rows.map(({ frame, id, box }) => [`${frame} ${id}`, box]));
  const boxAt = (frame: number, id: number) => boxes.get(`${frame} ${id}`) ?? nowhere;
  return {
    framesPerSecond,
    rows,
    persons,
    crossings: lines.flatMap(({ name, crossings }) =>
      crossings.map(({ frame, id, direction }) => {
        return { ruleId: ruleIdOf(name), direction, frame, box: boxAt(frame, id) };
      }),
    ),
    watchPoints: watchPoints.map(({ name, visits }) => ({
      ruleId: ruleIdOf(name),
      visitRuleId: visitRuleIdOf(name),
      visits: visitsOf(visits, boxAt),
    })),
    rules: {
      schemaVersion: 1,
      tripwires: lines.map(({ name, start, end }) => ({
        ruleId: ruleIdOf(name),
        points: [start, end],
        direction: 'both' as const,
      })),
      watchPoints: watchPoints.flatMap(({ name, centre, radiusOfHeight }) => [
        { ruleId: ruleIdOf(name), centre, radiusOfHeight },
        { ruleId: visitRuleIdOf(name), centre, radiusOfHeight, passes: 1 },
      ]),
    },
  };
}

const nowhere: Box = { left: 0, top: 0, right: 0, bottom: 0 };

/** One sentence for a folder that is not there, before one of its files is missed. */
async function assertFolder(folder: string): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (cause) {
    const message = `the truth cannot be read: there is no folder ${folder}; name one with --truth`;
    throw new ReplayError('bad-truth', message, cause);
  }
  throw new ReplayError('bad-truth', `the truth ${folder} is no folder; name one with --truth`);
}

/** Names are free text, rule ids are not. */
function ruleIdOf(name: string): string {
  return idOf(name).slice(0, 32);
}

function visitRuleIdOf(name: string): string {
  return `${idOf(name).slice(0, 25)}-visits`;
}

function idOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
}

function visitsOf(
  visits: Readonly<Record<string, readonly (readonly [number, number, number])[]>>,
  boxAt: (frame: number, id: number) => Box,
): readonly Visit[] {
  return Object.entries(visits).flatMap(([person, list]) =>
    list.map(([enterFrame, leaveFrame, id]) => {
      return { person, id, enterFrame, leaveFrame, box: boxAt(enterFrame, id) };
    }),
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
