/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';

const looks = ['adaptive', 'moving', 'every'] as const;
type Looks = (typeof looks)[number];
const precisions = ['int8', 'fp32'] as const;
type Precision = (typeof precisions)[number];
const lives = ['none', 'copied', 'masked'] as const;

export type BenchOptions = Readonly<{
  cameras: number;
  /** How many of them show people in every picture. */
  busy: number;
  /** Measured, after everything has settled. */
  seconds: number;
  settleSeconds: number;
  analysisFps: number;
  clip: string;
  /** Of every camera's picture, in pixels. */
  size: Readonly<{ width: number; height: number }>;
  /** Constant bit rate of every stream; coded by quality without it. */
  kbps: number | undefined;
  /** Whether somebody watches the last camera live, and whether a privacy mask has to be burnt in for that. */
  live: (typeof lives)[number];
  /** One run for each, one after the other: which frames are looked at, and with which model. */
  runs: readonly Readonly<{ looks: Looks; precision: Precision }>[];
  /** Whether Debian's motion watches a quiet and a busy camera beside it. */
  motion: boolean;
  threads: number;
}>;

const known = {
  cameras: { type: 'string', default: '16' },
  busy: { type: 'string', default: '2' },
  seconds: { type: 'string', default: '60' },
  settle: { type: 'string', default: '12' },
  'analysis-fps': { type: 'string', default: '5' },
  clip: { type: 'string', default: 'test-fixtures/clips/town-square.mp4' },
  size: { type: 'string', default: '768x576' },
  kbps: { type: 'string' },
  live: { type: 'string', default: 'none' },
  looks: { type: 'string', default: 'adaptive' },
  precision: { type: 'string', default: 'int8' },
  threads: { type: 'string', default: '1' },
  'no-motion': { type: 'boolean', default: false },
} as const;

const usage =
  'npm run --silent bench -- [--cameras N] [--busy K] [--seconds S] [--settle S] [--analysis-fps N] [--clip FILE] ' +
  '[--size 768x576] [--kbps N] [--live none|copied|masked] [--looks adaptive,moving,every] [--precision int8,fp32] [--threads N] [--no-motion]';

/** Throws with one sentence. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const values = parse(args);
  const whole = (
    name: 'cameras' | 'busy' | 'seconds' | 'settle' | 'threads' | 'kbps',
    least: number,
  ) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least) return value;
    throw new Error(`--${name} must be a whole number of at least ${least}; use: ${usage}`);
  };
  const cameras = whole('cameras', 1);
  const busy = whole('busy', 0);
  if (cameras > 64 || busy > cameras)
    throw new Error(`at most 64 cameras, of which some are busy; use: ${usage}`);
  const analysisFps = Number(values['analysis-fps']);
  if (!(analysisFps >= 1 && analysisFps <= 25))
    throw new Error(`--analysis-fps must be between 1 and 25; use: ${usage}`);
  return {
    cameras,
    busy,
    seconds: whole('seconds', 1),
    settleSeconds: whole('settle', 0),
    analysisFps,
    clip: values.clip,
    size: readSize(values.size),
    kbps: values.kbps === undefined ? undefined : whole('kbps', 50),
    live: among(values.live, lives, 'live')[0] ?? 'none',
    runs: among(values.precision, precisions, 'precision').flatMap((precision) =>
      among(values.looks, looks, 'looks').map((one) => ({ looks: one, precision })),
    ),
    motion: !values['no-motion'],
    threads: whole('threads', 1),
  };
}

function readSize(text: string): BenchOptions['size'] {
  const [, width, height] = /^(\d{2,4})x(\d{2,4})$/.exec(text)?.map(Number) ?? [];
  const isEven = width !== undefined && height !== undefined && (width | height) % 2 === 0;
  if (isEven && width >= 160 && height >= 120) return { width, height };
  throw new Error(`--size is two even numbers such as 1920x1080; use: ${usage}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new Error(`${reason}; use: ${usage}`, { cause });
  }
}

function among<Word extends string>(text: string, words: readonly Word[], name: string): Word[] {
  return text.split(',').map((wanted) => {
    const found = words.find((word) => word === wanted);
    if (found !== undefined) return found;
    throw new Error(`--${name} is one of ${words.join(', ')}, or several; use: ${usage}`);
  });
}
