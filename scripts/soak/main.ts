/**
 * A real edge box that runs for minutes while its cameras come and go, one reconnect every ten seconds: what its heap, its
 * descriptors and its children do meanwhile. Progress goes to stderr; the last line of stdout is JSON. Exit 1 when
 * something grows, 2 when it cannot run. The heap is that of every thread, after garbage collection, compiled code apart; what is
 * measured begins after a warm-up of a fifth of the time, at most two minutes, in which cameras come and go as well.
 *   npm run --silent soak -- [--seconds 600] [--cameras 8] [--busy 2] [--reconnect-every 10]
 *     [--clip FILE]   for every camera, instead of people for the busy ones and an empty lane for the others
 */
import { parseArgs } from 'node:util';
import { benchClips } from '../../src/bench/bench-clips.ts';
import { soakReport } from './report.ts';
import { soakBox } from './soak-box.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    cameras: { type: 'string', default: '8' },
    busy: { type: 'string', default: '2' },
    'reconnect-every': { type: 'string', default: '10' },
    clip: { type: 'string' },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const [seconds, cameras] = [Number(values.seconds), Number(values.cameras)];
const busy = Math.min(Number(values.busy), cameras);
const everySeconds = Number(values['reconnect-every']);
if (![seconds, cameras, everySeconds].every((value) => value >= 1)) {
  say('--seconds, --cameras and --reconnect-every must be numbers of at least 1');
  process.exit(2);
}

try {
  const { clip } = values;
  const clips =
    clip === undefined
      ? await benchClips('test-fixtures/clips/town-square.mp4', say)
      : { quiet: clip, busy: clip };
  const soaked = await soakBox({ seconds, cameras, busy, everySeconds, clips, say });
  const report = soakReport(soaked.samples, { cameras, reconnects: soaked.reconnects });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.ok ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
