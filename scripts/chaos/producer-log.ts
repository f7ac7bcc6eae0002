/**
 * What the edge said: which events it tried, which of them it had safe on disk, how many wait in its outbox; which clips it
 * has kept and how many of them the centre has not got yet; and whether it believes to be connected.
 */

export type ProducerLog = Readonly<{
  read: (line: string) => void;
  tried: ReadonlySet<number>;
  kept: ReadonlySet<number>;
  next: () => number;
  backlog: () => number;
  clips: ReadonlySet<string>;
  clipsDue: () => number;
  /** Since when, by the harness' clock (`performance.now()`), the edge has said so. */
  link: () => Readonly<{ connected: boolean; sinceMs: number }>;
  /** What came before the number, in the other lines: `faults 3`. */
  figure: (word: string) => number;
}>;

export function createProducerLog(): ProducerLog {
  const tried = new Set<number>();
  const kept = new Set<number>();
  const clips = new Set<string>();
  const figures = new Map<string, number>();
  let newest = 0;
  let link = { connected: false, sinceMs: 0 };
  return {
    read: (line) => {
      // A killed process can leave half a line behind.
      const [, clipId] = /^clip ([0-9a-f-]{36})$/.exec(line) ?? [];
      if (clipId !== undefined) clips.add(clipId);
      const [, word = '', text] = /^([a-z-]+) (\d+)$/.exec(line) ?? [];
      const number = Number(text);
      if (word === 'try') {
        tried.add(number);
        newest = Math.max(newest, number);
      } else if (word === 'kept') kept.add(number);
      else if (word === 'connected') link = { connected: number === 1, sinceMs: performance.now() };
      else if (word !== '') figures.set(word, number);
    },
    tried,
    kept,
    next: () => newest + 1,
    backlog: () => figures.get('backlog') ?? Number.POSITIVE_INFINITY,
    clips,
    clipsDue: () => figures.get('clips-due') ?? 0,
    link: () => link,
    figure: (word) => figures.get(word) ?? 0,
  };
}
