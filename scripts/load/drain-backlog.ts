/** How long a cut-off edge needs for its backlog, and how long a live alarm takes meanwhile. */
import { join } from 'node:path';
import { createProgram, eventually } from '../harness/program.ts';
import type { CentreUnderLoad } from './centre-under-load.ts';
import { percentile, rounded } from './measures.ts';

export type DrainFigures = Readonly<{
  backlog: number;
  drainSeconds: number;
  liveDuringDrainP95Ms: number;
  liveDuringDrain: number;
}>;

export async function drainBacklog(
  { url, onFeed }: CentreUnderLoad,
  folder: string,
  backlog: number,
): Promise<DrainFigures> {
  const live = new Map<string, number>();
  let isFilled = false;
  let waiting = Number.POSITIVE_INFINITY;
  const offset = Date.now() - performance.now();
  const edge = createProgram({
    name: 'edge',
    command: () => [
      process.execPath,
      'scripts/load/backlog-edge-process.ts',
      ...['--folder', join(folder, 'edge'), '--broker', url, '--events', String(backlog)],
    ],
    onLine: (line) => {
      const [word, first = '', second = ''] = line.split(' ');
      if (word === 'filled') isFilled = true;
      if (word === 'live') live.set(first, Number(second) - offset);
      if (word === 'backlog') waiting = Number(first);
    },
  });
  try {
    edge.start();
    if (!(await eventually(() => isFilled, 120_000)))
      throw new Error('the backlog could not be written within two minutes');
    const from = performance.now();
    edge.tell('go');
    // A few live events are always on their way.
    if (!(await eventually(() => waiting <= 3, 120_000)))
      throw new Error(`${waiting} events still wait after two minutes`);
    const drainSeconds = (performance.now() - from) / 1000;
    await eventually(() => [...live.keys()].slice(0, -3).every((id) => onFeed.has(id)), 5000);
    const delays = [...live].flatMap(([id, at]) => {
      const seen = onFeed.get(id);
      return seen === undefined ? [] : [seen - at];
    });
    return {
      backlog,
      drainSeconds: rounded(drainSeconds),
      liveDuringDrainP95Ms: rounded(percentile(delays, 0.95)),
      liveDuringDrain: delays.length,
    };
  } finally {
    await edge.end('SIGKILL');
  }
}
