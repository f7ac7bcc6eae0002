/**
 * Which rules each camera runs: the newest the collector sent, kept on disk so that a restart without uplink keeps them;
 * before any came, those of the camera's rules file. Rules that make no sense are refused and the last good ones run on.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { checkRules } from '../contract/check-rules.ts';
import type { RulesReport } from '../contract/edge-report.ts';
import type { VersionedRules } from '../contract/rule.ts';
import type { PictureSize, RunningRules } from './worker-messages.ts';

export type RuleBook = Readonly<{
  current: (cameraId: string) => RunningRules;
  /** The rules to run from now on, or undefined when they were refused (the report says why). */
  accept: (sent: VersionedRules) => RunningRules | undefined;
  refuse: (cameraId: string, version: number, reason: string) => void;
  /** What the worker said it runs. */
  applied: (cameraId: string, version: number) => void;
  /** On which picture they ran first: a worker or a box that begins anew still knows whether the picture changed since. */
  drawnOn: (cameraId: string, version: number, size: PictureSize) => void;
  report: (cameraId: string) => RulesReport;
}>;

/** A rules file that cannot be used: the message names the file, the place and the mend. */
class RulesFileError extends Error {
  readonly code = 'bad-rules-file';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RulesFileError';
  }
}

type Camera = Readonly<{ cameraId: string; rulesFile?: string }>;
type Entry = {
  running: RunningRules;
  applied: number;
  refused?: RulesReport['refused'];
  /** They run, and a restart would bring older ones back. */
  isUnkept?: boolean;
};

/** Reads the kept rules and the rules files at once. Throws RulesFileError on a file that was named and cannot be used. */
export function createRuleBook(
  folder: string,
  cameras: readonly Camera[],
  logger: Logger,
): RuleBook {
  mkdirSync(folder, { recursive: true });
  const entries = new Map<string, Entry>(
    cameras.map((camera) => [
      camera.cameraId,
      { running: readKept(folder, camera.cameraId) ?? readRulesFile(camera), applied: 0 },
    ]),
  );
  const entryOf = (cameraId: string): Entry => {
    const entry = entries.get(cameraId);
    if (entry === undefined) throw new RangeError(`camera ${cameraId} is not of this edge`);
    return entry;
  };

  /** When the disk does not take them they run all the same, and are written when they come again. */
  const keepRunning = (cameraId: string, entry: Entry): void => {
    try {
      keep(folder, cameraId, entry.running);
      entry.isUnkept = false;
    } catch (error) {
      entry.isUnkept = true;
      logger.error({ cameraId, reason: String(error) }, 'rules run and could not be kept');
    }
  };

  return {
    current: (cameraId) => entryOf(cameraId).running,
    accept: ({ cameraId, rulesVersion, rules }) => {
      const entry = entries.get(cameraId);
      if (entry === undefined) return undefined;
      if (rulesVersion <= entry.running.version) {
        if (entry.isUnkept === true) keepRunning(cameraId, entry);
        return undefined;
      }
      const checked = checkRules(rules);
      if (!checked.ok) {
        entry.refused = { version: rulesVersion, reason: checked.reason };
        return undefined;
      }
      entry.running = { version: rulesVersion, rules: checked.value };
      delete entry.refused;
      keepRunning(cameraId, entry);
      return entry.running;
    },
    refuse: (cameraId, version, reason) => {
      const entry = entries.get(cameraId);
      if (entry !== undefined) entry.refused = { version, reason };
    },
    applied: (cameraId, version) => {
      entryOf(cameraId).applied = version;
    },
    drawnOn: (cameraId, version, size) => {
      const entry = entryOf(cameraId);
      if (entry.running.version !== version) return;
      entry.running = { ...entry.running, drawnOn: size };
      // Those of a file are read from it at each start.
      if (version > 0) keepRunning(cameraId, entry);
    },
    report: (cameraId) => {
      const { applied, refused } = entryOf(cameraId);
      return { appliedVersion: applied, ...(refused === undefined ? {} : { refused }) };
    },
  };
}

function keptFile(folder: string, cameraId: string): string {
  return join(folder, `${cameraId}.json`);
}

function keep(folder: string, cameraId: string, rules: RunningRules): void {
  const file = keptFile(folder, cameraId);
  writeFileSync(`${file}.new`, JSON.stringify(rules), { flush: true });
  renameSync(`${file}.new`, file);
}

function readKept(folder: string, cameraId: string): RunningRules | undefined {
  const text = readIfThere(keptFile(folder, cameraId));
  if (text === undefined) return undefined;
  const kept = parseKept(text);
  if (kept === undefined) return undefined;
  const checked = checkRules(kept.rules);
  if (!checked.ok) return undefined;
  const { version, drawnOn } = kept;
  const isSize = Number(drawnOn?.width) > 0 && Number(drawnOn?.height) > 0;
  return { version, rules: checked.value, ...(isSize && drawnOn ? { drawnOn } : {}) };
}

/** A damaged copy is none: the centre sends the rules again as soon as it hears that they do not run. */
function parseKept(text: string): RunningRules | undefined {
  try {
    const kept = JSON.parse(text) as RunningRules | null;
    return kept !== null && Number.isInteger(kept.version) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function readRulesFile({ cameraId, rulesFile }: Camera): RunningRules {
  if (rulesFile === undefined) return { version: 0, rules: { schemaVersion: 1 } };
  const text = readIfThere(rulesFile);
  if (text === undefined) {
    throw new RulesFileError(
      `camera ${cameraId}: there is no rules file ${rulesFile}; correct rulesFile or remove it`,
    );
  }
  const checked = checkRules(parse(text, rulesFile));
  if (!checked.ok) throw new RulesFileError(`${rulesFile}: ${checked.reason}`);
  return { version: 0, rules: checked.value };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RulesFileError(`${file} is no JSON: ${String(cause)}`, cause);
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
