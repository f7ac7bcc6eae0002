/** The judgement of a soak on made-up samples, and the whole command on a real box for a few seconds. */
import { describe, expect, test } from 'vitest';
import { runCommand } from '../harness/run-command.ts';
import { growthPerMinute } from './growth.ts';
import { type BoxSample, soakReport } from './report.ts';

const mebibyte = 1024 ** 2;
const facts = { cameras: 2, reconnects: 40, warmUp: [] };

/** Forty samples, one each ten seconds, of a box that is well but for what is told. */
function samplesOf(wrong: (at: number) => Partial<BoxSample> = () => ({})): readonly BoxSample[] {
  return Array.from({ length: 40 }, (_, at) => ({
    atMs: at * 10_000,
    threads: [heap(0, 30 + Math.sin(at) / 2), heap(1, 20 + (at % 7 === 0 ? 6 : 0))],
    rssBytes: 400 * mebibyte,
    descriptors: 61,
    children: 2,
    zombies: 0,
    up: 2,
    waiting: at % 3,
    walBytes: 4 * mebibyte,
    loopDelayMs: { p99: 12, most: 40 },
    ...wrong(at),
  }));
}

function heap(threadId: number, mib: number, codeMib = 4): BoxSample['threads'][number] {
  const name = threadId === 0 ? 'main' : `cam-${threadId}`;
  const code = codeMib * mebibyte;
  return { threadId, name, heapUsed: mib * mebibyte, code, external: 5 * mebibyte, resources: 9 };
}

describe('a soak', () => {
  test('is content with a heap that trembles and has stray values', () => {
    const report = soakReport(samplesOf(), facts);
    expect(report).toMatchObject({ ok: true, faults: [], reconnects: 40, seconds: 390 });
    expect(Math.abs(report.heapMiBPerMinute)).toBeLessThan(0.05);
  });

  test.each([
    [
      'a leak of one thread',
      (at: number) => ({ threads: [heap(0, 30), heap(1, 20 + at * 0.03)] }),
      /objects of all threads grow by 0\.18 MiB a minute/,
    ],
    [
      'a leak that each thread has a little of',
      (at: number) => ({ threads: [heap(0, 30 + at * 0.01), heap(1, 20 + at * 0.01)] }),
      /objects of all threads grow by 0\.12 MiB a minute/,
    ],
    [
      'compiled code that grows',
      (at: number) => ({ threads: [heap(0, 30), heap(1, 20 + at * 0.04, 4 + at * 0.04)] }),
      /compiled code of all threads grows by 0\.24 MiB a minute/,
    ],
    ['events that stay', () => ({ waiting: 3 }), /3 events were still waiting/],
    [
      'a log that nobody folds',
      (at: number) => ({ walBytes: at * 2 * mebibyte }),
      /log grew to 78 MiB/,
    ],
    ['a lost descriptor', (at: number) => ({ descriptors: 61 + (at > 30 ? 1 : 0) }), /became 62/],
    ['a lost child', (at: number) => ({ children: at > 30 ? 3 : 2 }), /and 3 at the end/],
    ['a zombie', (at: number) => ({ zombies: at === 12 ? 1 : 0 }), /1 zombies/],
    [
      'resident memory that goes on growing',
      (at: number) => ({ rssBytes: (200 + 8 * at) * mebibyte }),
      /went on growing/,
    ],
  ])('finds %s', (_, wrong, sentence) => {
    const report = soakReport(samplesOf(wrong), facts);
    expect(report.ok).toBe(false);
    expect(report.faults.join()).toMatch(sentence);
  });

  test('names the thread that grows', () => {
    const threads = (at: number) => ({ threads: [heap(0, 30), heap(1, 20 + at * 0.5)] });
    expect(soakReport(samplesOf(threads), facts).heapMiBPerMinuteByThread).toEqual({
      main: 0,
      'cam-1': 3,
    });
  });

  test('tells objects from compiled code, and what a warm-up grew from what came after it', () => {
    const grows = (at: number) => ({ threads: [heap(0, 30 + at * 0.1, 4 + at * 0.06)] });
    const report = soakReport(samplesOf(), { ...facts, warmUp: samplesOf(grows) });
    expect(report.ok).toBe(true);
    expect(report.warmUp).toMatchObject({ heapMiBPerMinute: 0.6 });
    const whole = soakReport(samplesOf(grows), facts);
    expect(whole).toMatchObject({
      ...{ heapMiBPerMinute: 0.6, codeMiBPerMinute: 0.36, objectsMiBPerMinute: 0.24 },
      heapMiBPerMinuteByThird: [0.6, 0.6, 0.6],
    });
  });

  test('measures every thread of a real box whose camera comes and goes', async () => {
    const clip = 'test-fixtures/clips/town-square.mp4';
    const args = ['--seconds', '8', '--cameras', '1', '--reconnect-every', '4', '--clip', clip];
    const { result } = await runCommand('scripts/soak/main.ts', args);
    expect(result).toMatchObject({ zombies: 0 });
    expect(result['reconnects']).toBeGreaterThan(0);
    expect((result['loopDelayMs'] as { p99: number }).p99).toBeGreaterThan(0);
    // The camera's worker, the pool and its inference thread beside the main one.
    expect(Object.keys(result['heapMiBPerMinuteByThread'] as object).sort()).toEqual([
      'cam-1',
      'main',
      expect.stringMatching(/^thread-/),
      expect.stringMatching(/^thread-/),
    ]);
    expect((result['heapMiB'] as { end: number }).end).toBeGreaterThan(10);
  });
});

test('the growth of a straight line is its slope, whatever a quarter of the values do', () => {
  const samples = Array.from({ length: 40 }, (_, at) => ({
    atMs: at * 5000,
    value: at % 4 === 0 ? 1000 : at,
  }));
  expect(growthPerMinute(samples)).toBeCloseTo(12, 0);
});
