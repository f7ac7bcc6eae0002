/**
 * A real edge box that runs for minutes while its cameras come and go, one reconnect every ten seconds: what its heap, its
 * descriptors and its children do meanwhile. Progress goes to stderr; the last line of stdout is JSON. Exit 1 when
 * something grows, 2 when it cannot run. The heap is that of every thread, after garbage collection, all of them together.
 * Judged is what comes after a warm-up, in which cameras come and go as well: half of the time, at most five minutes, unless
 * told. Objects and compiled code are judged apart: V8 compiles a function again after 400 and 3000 calls, which at five
 * pictures a second takes ten minutes, and a busy camera knows people again for eleven. What grew in the warm-up stands in
 * the report; with `--warm-up 720 --seconds 1320` both are over.
 *   npm run --silent soak -- [--seconds 600] [--cameras 8] [--busy 2] [--reconnect-every 10] [--warm-up SECONDS]
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
    'warm-up': { type: 'string' },
    clip: { type: 'string' },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const [seconds, cameras] = [Number(values.seconds), Number(values.cameras)];
const busy = Math.min(Number(values.busy), cameras);
const everySeconds = Number(values['reconnect-every']);
const longestWarmUpSeconds = 300;
const warmUpSeconds = Number(values['warm-up'] ?? Math.min(longestWarmUpSeconds, seconds / 2));
if (!(warmUpSeconds >= 0 && warmUpSeconds < seconds)) {
  say('--warm-up must be a number of seconds and shorter than --seconds');
  process.exit(2);
}
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
  const soaked = await soakBox({
    ...{ seconds, cameras, busy, everySeconds, warmUpSeconds, clips, say },
  });
  const { samples, warmUp, reconnects } = soaked;
  const report = soakReport(samples, { cameras, reconnects, warmUp });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.ok ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
