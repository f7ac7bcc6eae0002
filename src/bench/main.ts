/**
 * What a box costs: real RTSP cameras, a real broker, a real edge process, and Debian's `motion` beside it. Quiet cameras
 * show an empty place with a sensor's noise, busy ones a clip with people in every picture. Progress goes to stderr, tables
 * and figures to stdout; the last line is JSON. With several looks or models, the first one's figures stand on top and all
 * of them in `runs`. Exit 2 with one sentence when it cannot run.
 *   npm run --silent bench -- --cameras 16 --busy 2 --seconds 60
 */
import { benchClips } from './bench-clips.ts';
import { readBenchOptions } from './bench-options.ts';
import { runBench } from './run-bench.ts';
import { streamFacts, streamText } from './stream-facts.ts';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const options = readBenchOptions(process.argv.slice(2));
  const clips = await benchClips(options.clip, say, options);
  const [quiet, busy] = await Promise.all([streamFacts(clips.quiet), streamFacts(clips.busy)]);
  const streams = { quiet, busy };
  process.stdout.write(`${streamText(streams)}\n`);
  const report = await runBench(options, clips, {
    say,
    print: (text) => process.stdout.write(`${text}\n`),
  });
  process.stdout.write(`${JSON.stringify({ ...report, streams })}\n`);
}

await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
