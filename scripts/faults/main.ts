/**
 * Faults of cameras and of the box itself, on a real edge with real cameras, broker and collector. Progress goes to stderr;
 * the last line of stdout is JSON; exit 1 when a promise is broken. A fault with 0 rounds or seconds is left out.
 *   npm run --silent faults -- [--stall-rounds 20] [--halt-seconds 30] [--database-seconds 60] [--hog-seconds 30]
 *     [--hostile-seconds 30] [--corrupt-seconds 60] [--disk-seconds 60] [--stuck-looks 1] [--cameras 4] [--seed N]
 */
import { parseArgs } from 'node:util';
import { canMountTmpfs } from '../../src/testing/full-disk.ts';
import { createRandom } from '../harness/random.ts';
import { corruptFaults, corruptStreams } from './corrupt-streams.ts';
import { type FaultBox, startFaultBox } from './fault-box.ts';
import { fullDiskBox, fullDiskFaults } from './full-disk-box.ts';
import { hostileFaults, hostilePlaces, hostileRound } from './hostile-round.ts';
import { faultsOfLate, type LateFault, standStill } from './late-box.ts';
import { stallFaults, stallRounds } from './stall-rounds.ts';
import { stuckBox, stuckFaults } from './stuck-box.ts';

const { values } = parseArgs({
  options: {
    'stall-rounds': { type: 'string', default: '20' },
    'halt-seconds': { type: 'string', default: '30' },
    'database-seconds': { type: 'string', default: '60' },
    'hog-seconds': { type: 'string', default: '30' },
    'hostile-seconds': { type: 'string', default: '30' },
    'corrupt-seconds': { type: 'string', default: '60' },
    'disk-seconds': { type: 'string', default: '60' },
    'stuck-looks': { type: 'string', default: '1' },
    cameras: { type: 'string', default: '4' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const random = createRandom(Number(values.seed));
const faults: string[] = [];
const report: Record<string, unknown> = { seed: Number(values.seed) };

const note = (name: string, figures: object, found: readonly string[]): void => {
  say(`${name}: ${JSON.stringify(figures)}`);
  report[name] = figures;
  faults.push(...found);
};

async function runOn(box: FaultBox): Promise<void> {
  const rounds = Number(values['stall-rounds']);
  if (rounds > 0) {
    const figures = await stallRounds(box, rounds, random, say);
    note('stall', figures, stallFaults(figures));
  }
  for (const fault of ['halt', 'hog', 'database'] as const satisfies readonly LateFault[]) {
    const seconds = Number(values[`${fault}-seconds`]);
    if (seconds <= 0) continue;
    const figures = await standStill(box, fault, seconds);
    note(fault, figures, faultsOfLate(fault, figures));
  }
}

/** Some faults have a box of their own. */
function needsBox(): boolean {
  const own = ['stall-rounds', 'halt-seconds', 'database-seconds', 'hog-seconds'] as const;
  return [...own, 'hostile-seconds' as const].some((name) => Number(values[name]) > 0);
}

async function main(): Promise<void> {
  if (!needsBox()) return;
  const hostileSeconds = Number(values['hostile-seconds']);
  const places = hostileSeconds > 0 ? await hostilePlaces() : [];
  const box = await startFaultBox(Number(values.cameras), places);
  try {
    say('all good cameras are live');
    await runOn(box);
    if (hostileSeconds > 0) {
      const figures = await hostileRound(box, places, hostileSeconds);
      note('hostile', figures, hostileFaults(figures));
    }
  } finally {
    await box.stop();
  }
}

await main();
const corruptSeconds = Number(values['corrupt-seconds']);
if (corruptSeconds > 0) {
  const figures = await corruptStreams(corruptSeconds, say);
  note('corrupt', figures, corruptFaults(figures));
}
const diskSeconds = Number(values['disk-seconds']);
if (diskSeconds > 0 && !canMountTmpfs())
  say('full disk: left out, only root may mount a small one');
else if (diskSeconds > 0) {
  const figures = await fullDiskBox(diskSeconds);
  note('disk', figures, fullDiskFaults(figures));
}
if (Number(values['stuck-looks']) > 0) {
  const figures = await stuckBox();
  note('stuck', figures, stuckFaults(figures));
}
process.stdout.write(`${JSON.stringify({ ok: faults.length === 0, faults, ...report })}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
