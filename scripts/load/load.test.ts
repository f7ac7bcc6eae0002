/** Short runs of the load command: its figures are there and plausible; how large they are is for the long runs. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCommand } from '../harness/run-command.ts';
import { costChart } from './cost-chart.ts';
import { withCostTable } from './cost-table.ts';

test('simulated edges are acknowledged and their alarms timed to the feed, after a backlog was drained', async () => {
  const args = ['--edges', '4', '--seconds', '2', '--per-minute', '150', '--backlog', '300'];
  const { result, exit } = await runCommand('scripts/load/main.ts', args);
  expect(exit).toBe(0);
  expect(result).toMatchObject({ edges: 4, cameras: 24, backlog: 300 });
  expect(result['sent']).toBeGreaterThan(80);
  expect(result['acknowledged']).toBe(result['sent']);
  expect(result['measuredOnFeed']).toBe(Math.floor(Number(result['sent']) / 10));
  for (const figure of ['eventsPerSecond', 'eventToFeedP95Ms', 'rssMb', 'drainSeconds'])
    expect(result[figure], figure).toBeGreaterThan(0);
});

const point = (edges: number) => ({
  ...{ edges, cameras: edges, eventsPerSecond: 1, eventToFeedP95Ms: 20, eventToFeedP50Ms: 5 },
  ...{ eventToFeedMaxMs: 30, rssMb: 200, rssGrowthMb: 0, collectorCpu: 10, brokerCpu: 5 },
  ...{ sent: 1, acknowledged: 1, measuredOnFeed: 1 },
});

test('the chart has a mark for each run in each panel', () => {
  const chart = costChart([10, 100, 1000].map(point));
  expect(chart.match(/<circle/g)).toHaveLength(12);
  expect(chart).not.toContain('NaN');
});

test('the table of the page has a row for each run, and the rest of the page stays', () => {
  const run = { broker: 'embedded', seconds: 5, perMinute: 2 };
  const page = readFileSync('config/scaling.md', 'utf8');
  const written = withCostTable(page, [point(10), point(1000)], run);
  expect(written).toContain('| 1,000 | 1,000 | 1 | 10 % | 5 % | 200 MB (0) | 5 / 20 ms |');
  expect(written).toContain('Runs of 5 s with 2 events');
  const around = (text: string) => text.replace(/<!-- curve:.*<!-- .curve -->/s, '');
  expect(around(written)).toBe(around(page));
  expect(around(withCostTable(written, [point(10)], run))).toBe(around(page));
  expect(() => withCostTable('# Scaling', [point(10)], run)).toThrow('has no place');
});
