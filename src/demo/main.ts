/** `scripts/demo`: runs the demo until it is interrupted, or with `--once` until the first alarm was raised and spoken. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { FeedMessage } from '../contract/console-api.ts';
import { createDemo, type Demo } from './demo.ts';
import { createDemoLines } from './demo-lines.ts';
import { type DemoOptions, readDemoOptions } from './demo-options.ts';

const onceSeconds = 120;
/** An announcement of two seconds; fewer packets would mean that it broke off. */
const leastPacketsHeard = 100;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<number> {
  const options = readDemoOptions(process.argv.slice(2), () =>
    mkdtempSync(join(tmpdir(), 'haoguanjia-')),
  );
  if (options === undefined) return 0;
  mkdirSync(options.dataFolder, { recursive: true });
  const logFile = join(options.dataFolder, 'demo.log');
  const logger = pino({ base: null }, pino.destination({ dest: logFile, sync: true }));
  const demo = createDemo(options, logger);
  const interrupted = new Promise<number>((resolve) => {
    process.once('SIGINT', () => resolve(0));
    process.once('SIGTERM', () => resolve(0));
  });
  const lines = createDemoLines();
  demo.onFeed((message) => {
    for (const line of lines(message)) say(line);
  });
  let code = 1;
  try {
    const spoken = firstSpokenAlarm(demo);
    const facts = await demo.start(say);
    welcome(options, facts.setupToken, logFile);
    code = await Promise.race([interrupted, ...(options.once ? [outcome(spoken, logFile)] : [])]);
    return code;
  } finally {
    await demo.stop();
    // After a failure the log is needed.
    if (options.once && code === 0) rmSync(options.dataFolder, { recursive: true, force: true });
  }
}

function welcome(options: DemoOptions, setupToken: string | undefined, logFile: string): void {
  if (setupToken !== undefined)
    say(`set-up token  ${setupToken}   (asked once, to make the first account)`);
  say(`log           ${logFile}`);
  if (!options.once) say('Open the console in a browser; Ctrl-C ends the demo.');
}

/** Resolves when an alarm's announcement is through and the speaker's receiver has heard it. */
function firstSpokenAlarm(demo: Demo): Promise<string> {
  return new Promise((resolve) => {
    demo.onFeed((message: FeedMessage) => {
      if (message.kind !== 'alarm-raised' && message.kind !== 'alarm-changed') return;
      const { announcement, alarmId } = message.alarm;
      const through = announcement?.state === 'sent' || announcement?.state === 'played';
      if (through && demo.packetsHeard() >= leastPacketsHeard) resolve(alarmId);
    });
  });
}

async function outcome(spoken: Promise<string>, logFile: string): Promise<number> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), onceSeconds * 1000).unref();
  });
  const alarmId = await Promise.race([spoken, late]);
  if (alarmId === undefined) {
    process.stderr.write(
      `no alarm was raised and spoken within ${onceSeconds} s; see ${logFile}\n`,
    );
    return 1;
  }
  say(`done          alarm ${alarmId} was raised and spoken`);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
