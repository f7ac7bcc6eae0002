/**
 * Replays a recorded clip through the analytics without network and writes what it found.
 * The last line of stdout is a summary in JSON; progress goes to stderr. Exit 2 with one sentence when the clip,
 * the rules or the arguments are at fault, 1 when the program is.
 */
import { writeFile } from 'node:fs/promises';
import { type Analysis, analyseClip } from './analyse-clip.ts';
import { cpuSecondsSoFar } from './cpu-time.ts';
import { writeMotRow } from './evaluation/mot-rows.ts';
import { exitWith } from './exit-with.ts';
import { openAnalytics } from './open-analytics.ts';
import { createProgress } from './progress.ts';
import { ReplayError } from './replay-error.ts';
import { type ReplayOptions, readReplayOptions } from './replay-options.ts';
import { readRulesFile } from './rules-file.ts';

async function replay(args: readonly string[]): Promise<void> {
  const startedAt = performance.now();
  const options = readReplayOptions(args);
  const rules = await readRulesFile(options.rules);
  await emptyFindings(options);
  const analytics = await openAnalytics({ ...options, rules });
  try {
    const progress = createProgress((line) => process.stderr.write(`${line}\n`));
    const analysis = await analyseClip({ ...analytics, rules, progress });
    await writeFindings(options, analysis);
    const wallSeconds = (performance.now() - startedAt) / 1000;
    process.stdout.write(`${JSON.stringify(summaryOf(analysis, wallSeconds))}\n`);
  } finally {
    await analytics.close();
  }
}

/** At the start, so that a place that cannot be written shows at once and no older result is taken for this one. */
async function emptyFindings({ events, tracks, persons }: ReplayOptions): Promise<void> {
  for (const file of [events, tracks, persons]) await write(file, []);
}

async function writeFindings(options: ReplayOptions, { recording }: Analysis): Promise<void> {
  await write(
    options.events,
    recording.events().map((event) => JSON.stringify(event)),
  );
  await write(options.tracks, recording.trackRows().map(writeMotRow));
  await write(options.persons, recording.personRows().map(writeMotRow));
}

async function write(file: string, lines: readonly string[]): Promise<void> {
  try {
    await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReplayError(
      'cannot-write',
      `the result cannot be written: ${reason}; choose another place`,
      cause,
    );
  }
}

function summaryOf({ recording, frames, analysedFrames }: Analysis, wallSeconds: number) {
  const events: Record<string, number> = {};
  for (const { kind } of recording.events()) events[kind] = (events[kind] ?? 0) + 1;
  const seconds = (value: number) => Math.round(value * 1000) / 1000;
  return {
    frames,
    analysedFrames,
    wallSeconds: seconds(wallSeconds),
    cpuSeconds: seconds(cpuSecondsSoFar()),
    events,
  };
}

await replay(process.argv.slice(2)).catch(exitWith);
