/** Short runs of the load command: its figures are there and plausible; how large they are is for the long runs. */
import { expect, test } from 'vitest';
import { runCommand } from '../harness/run-command.ts';
import { costChart } from './cost-chart.ts';

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

test('the chart has a mark for each run in each panel', () => {
  const point = (edges: number) => ({
    ...{ edges, cameras: edges, eventsPerSecond: 1, eventToFeedP95Ms: 20, eventToFeedP50Ms: 5 },
    ...{ eventToFeedMaxMs: 30, rssMb: 200, rssGrowthMb: 0, collectorCpu: 10, brokerCpu: 5 },
    ...{ sent: 1, acknowledged: 1, measuredOnFeed: 1 },
  });
  const chart = costChart([10, 100, 1000].map(point));
  expect(chart.match(/<circle/g)).toHaveLength(12);
  expect(chart).not.toContain('NaN');
});
