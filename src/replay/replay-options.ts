/** The command line of `npm run replay`. */
import { parseArgs } from 'node:util';
import { ReplayError } from './replay-error.ts';

export type ReplayOptions = Readonly<{
  clip: string;
  rules: string;
  analysisFps: number;
  events: string;
  tracks: string;
  persons: string;
  /** A model manifest; without it the default model. */
  model?: string;
  /** Frame rate of a raw stream that carries no times of its own (.264). */
  inputFps?: number;
}>;

const replayUsage =
  'npm run --silent replay -- --clip FILE --rules RULES.json --analysis-fps N --events EVENTS.jsonl ' +
  '--tracks TRACKS.txt --persons PERSONS.txt [--model MANIFEST] [--input-fps N]';

const known = {
  clip: { type: 'string' },
  rules: { type: 'string' },
  'analysis-fps': { type: 'string' },
  events: { type: 'string' },
  tracks: { type: 'string' },
  persons: { type: 'string' },
  model: { type: 'string' },
  'input-fps': { type: 'string' },
} as const;

/** Throws ReplayError `bad-arguments`. */
export function readReplayOptions(args: readonly string[]): ReplayOptions {
  const values = parse(args);
  const required = (name: 'clip' | 'rules' | 'events' | 'tracks' | 'persons'): string => {
    const value = values[name];
    if (value === undefined || value === '') throw bad(`--${name} is missing`);
    return value;
  };
  const inputFps = values['input-fps'];
  return {
    clip: required('clip'),
    rules: required('rules'),
    analysisFps: readRate('analysis-fps', values['analysis-fps']),
    events: required('events'),
    tracks: required('tracks'),
    persons: required('persons'),
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(inputFps === undefined ? {} : { inputFps: readRate('input-fps', inputFps) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true }).values;
  } catch (cause) {
    throw bad(cause instanceof Error ? cause.message.split('\n')[0] : String(cause), cause);
  }
}

function readRate(name: string, text: string | undefined): number {
  const rate = Number(text);
  if (text === undefined || !(rate > 0 && rate <= 120)) {
    throw bad(`--${name} must be a number of frames a second above 0 and at most 120`);
  }
  return rate;
}

function bad(what: string | undefined, cause?: unknown): ReplayError {
  return new ReplayError('bad-arguments', `${what}; use: ${replayUsage}`, cause);
}
