/** The figures of the curve as a table of config/scaling.md: written by the run itself, between two marks, never by hand. */
import { cpus, loadavg } from 'node:os';
import type { LoadFigures } from './measures.ts';

const marks = { begin: '<!-- curve: written by npm run load -->', end: '<!-- /curve -->' } as const;

type Run = Readonly<{ broker: string; seconds: number; perMinute: number }>;

/** Throws when the page has lost its marks. */
export function withCostTable(page: string, points: readonly LoadFigures[], run: Run): string {
  const from = page.indexOf(marks.begin);
  const to = page.indexOf(marks.end);
  if (from < 0 || to < from)
    throw new Error(`config/scaling.md has no place for the table; put back ${marks.begin}`);
  const before = page.slice(0, from + marks.begin.length);
  return `${before}\n${costTable(points, run)}\n${page.slice(to)}`;
}

function costTable(points: readonly LoadFigures[], { broker, seconds, perMinute }: Run): string {
  const load = Math.round(loadavg()[1] ?? 0);
  return [
    `Runs of ${seconds} s with ${perMinute} events a camera and minute, broker: ${broker}; ${cpus().length} cores, load ${load} when it ended.`,
    '',
    '| edges | cameras | events/s | collector | broker | memory (grown by) | event to feed p50 / p95 |',
    '|---|---|---|---|---|---|---|',
    ...points.map(rowOf),
  ].join('\n');
}

function rowOf(point: LoadFigures): string {
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  const cells = [
    ...[whole(point.edges), whole(point.cameras), String(point.eventsPerSecond)],
    ...[`${point.collectorCpu} %`, `${point.brokerCpu} %`],
    `${whole(point.rssMb)} MB (${whole(point.rssGrowthMb)})`,
    `${whole(point.eventToFeedP50Ms)} / ${whole(point.eventToFeedP95Ms)} ms`,
  ];
  return `| ${cells.join(' | ')} |`;
}
