/**
 * How long from the camera to the operator: the demo for one pass of its clip, Chromium signed in, every pop-up closed as
 * soon as it is painted. Prints the stages of the way in milliseconds; the last line is JSON.
 *   npm run --silent bench:popup [-- --seconds 80]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { Page } from 'playwright-core';
import type { CameraRules } from '../src/contract/rule.ts';
import { createDemo, type Demo } from '../src/demo/demo.ts';
import { launchChromium } from '../src/testing/chromium.ts';

const response = { cooldownSeconds: 0 };
const rules: CameraRules = {
  schemaVersion: 1,
  tripwires: (
    [
      ['east', 0.93, 0.45, 0.84, 0.85],
      ['path', 0.42, 0.62, 0.5, 0.3],
      ['middle', 0.2, 0.5, 0.2, 0.9],
    ] as const
  ).map(([ruleId, ax, ay, bx, by]) => ({
    ruleId,
    points: [
      [ax, ay],
      [bx, by],
    ],
    response,
  })),
};

type Shown = Readonly<{
  alarmId: string;
  capturedAtMs: number;
  feedAtMs: number;
  shownAtMs: number;
}>;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '80' } } });
const folder = mkdtempSync(join(tmpdir(), 'haoguanjia-popup-'));
const demo = createDemo(
  { port: 0, dataFolder: folder, rules: { 'square-east': rules } },
  pino({ level: 'silent' }),
);
const facts = await demo.start(() => undefined);
const browser = await launchChromium();
const page = await signedIn(facts.address, facts.setupToken ?? '');
const shown = await watch(page, facts.address, Number(values.seconds) * 1000);
report(await stagesOf(demo, shown));
await browser.close();
await demo.stop();
rmSync(folder, { recursive: true, force: true });

async function signedIn(address: string, setupToken: string): Promise<Page> {
  const opened = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await opened.goto(address);
  await opened.getByTestId('setup-token').fill(setupToken);
  await opened.getByTestId('username').fill('duty');
  await opened.getByTestId('password').fill('a-long-enough-password');
  await opened.getByTestId('sign-in-submit').click();
  await opened.getByTestId('alarm-list').waitFor();
  return opened;
}

/** Closes what stands on the screen, so that the next alarm pops up when it comes and not when there is room. */
async function watch(page: Page, address: string, forMs: number): Promise<readonly Shown[]> {
  const closed = new Set<string>();
  const endAtMs = Date.now() + forMs;
  let seen: readonly Shown[] = [];
  while (Date.now() < endAtMs) {
    seen = ((await page.evaluate('window.haoguanjiaShown')) ?? []) as readonly Shown[];
    for (const { alarmId } of seen.filter((one) => !closed.has(one.alarmId))) {
      closed.add(alarmId);
      await page.request.post(`${address}/api/alarms/${alarmId}/close`, {
        data: { reason: 'handled' },
        headers: { origin: address },
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return seen;
}

/** Milliseconds that each stage took, one entry for each pop-up. */
async function stagesOf(
  { store }: Demo,
  shown: readonly Shown[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const stages = new Map<string, number[]>();
  for (const one of shown) {
    const alarm = await store().alarm(one.alarmId);
    const times = alarm?.event.stageTimes;
    if (alarm === undefined || times?.detectedAtMs === undefined) continue;
    const moments: readonly (readonly [string, number | undefined])[] = [
      ['', one.capturedAtMs],
      ['decode, queue, detect', times.detectedAtMs],
      ['track and rules', times.firedAtMs],
      ['edge outbox', times.storedAtMs],
      ['wait to send', times.sentAtMs],
      ['broker, intake, policy', alarm.raisedAtMs],
      ['store commit, feed', one.feedAtMs],
      ['feed to paint', one.shownAtMs],
    ];
    moments.forEach(([stage, atMs = 0], index) => {
      const before = moments[index - 1]?.[1];
      if (before !== undefined) stages.set(stage, [...(stages.get(stage) ?? []), atMs - before]);
    });
    const whole = one.shownAtMs - one.capturedAtMs;
    stages.set('capture to pop-up', [...(stages.get('capture to pop-up') ?? []), whole]);
  }
  return stages;
}

function report(stages: ReadonlyMap<string, readonly number[]>): void {
  const say = (line: string): boolean => process.stdout.write(`${line}\n`);
  say(
    `${'stage'.padEnd(26)}${'p50 ms'.padStart(10)}${'p95 ms'.padStart(10)}${'max ms'.padStart(10)}`,
  );
  const row = ([stage, ms]: readonly [string, readonly number[]]): string =>
    stage.padEnd(26) + [0.5, 0.95, 1].map((q) => String(quantile(ms, q)).padStart(10)).join('');
  for (const entry of stages) say(row(entry));
  const whole = stages.get('capture to pop-up') ?? [];
  const figures = {
    popups: whole.length,
    p50Ms: quantile(whole, 0.5),
    p95Ms: quantile(whole, 0.95),
  };
  say(JSON.stringify(figures));
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
