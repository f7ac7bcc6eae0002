/** How many silent streams a whole box ends, whichever thread they are in. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createRestartBudget, sharedMonotonicMs, takeRestart } from './restart-budget.ts';

test('sixteen cameras that fall silent at once are ended one a second', () => {
  const budget = createRestartBudget();
  const endedAt = new Map<number, number>();
  for (let nowMs = 0; nowMs < 30_000; nowMs += 500) {
    for (let camera = 0; camera < 16; camera += 1) {
      if (!endedAt.has(camera) && takeRestart(budget, BigInt(nowMs))) endedAt.set(camera, nowMs);
    }
  }
  expect([...endedAt.values()]).toEqual(Array.from({ length: 16 }, (_, at) => at * 1000));
});

test('a single camera that falls silent is ended at once, on a clock that starts anywhere', () => {
  expect(takeRestart(createRestartBudget(), 0n)).toBe(true);
  expect(takeRestart(createRestartBudget(), sharedMonotonicMs())).toBe(true);
});

test('threads share it, and one clock', async () => {
  const budget = createRestartBudget();
  const module = new URL('./restart-budget.ts', import.meta.url).href;
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { sharedMonotonicMs, takeRestart } = await import(${JSON.stringify(module)});
    parentPort.postMessage([takeRestart(workerData, sharedMonotonicMs()), sharedMonotonicMs()]);
  `;
  const before = sharedMonotonicMs();
  const answers = await Promise.all(
    [1, 2, 3].map(async () => {
      const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
      const [answer] = await once(new Worker(url, { workerData: budget }), 'message');
      return answer as [boolean, bigint];
    }),
  );
  const seconds = Number(sharedMonotonicMs() - before) / 1000;
  const taken = answers.filter(([isTaken]) => isTaken).length;
  expect(taken).toBeGreaterThanOrEqual(1);
  expect(taken).toBeLessThanOrEqual(1 + Math.floor(seconds));
  for (const [, nowMs] of answers) expect(nowMs).toBeGreaterThanOrEqual(before);
});
