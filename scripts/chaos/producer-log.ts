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
  /** The number of any other line, as it was said last; with an s behind the word, how often it was said. */
  figure: (word: string) => number;
}>;

/** Events that were there before have numbers from here on. */
export const notProduced = 1_000_000;

export function createProducerLog(): ProducerLog {
  const tried = new Set<number>();
  const kept = new Set<number>();
  const clips = new Set<string>();
  const figures = new Map<string, number>();
  let newest = 0;
  let link = { connected: false, sinceMs: 0 };
  const note = (word: string, number: number): void => {
    switch (word) {
      case 'try':
        tried.add(number);
        if (number < notProduced) newest = Math.max(newest, number);
        break;
      case 'kept':
        kept.add(number);
        break;
      case 'connected':
        link = { connected: number === 1, sinceMs: performance.now() };
        break;
      default:
        figures.set(word, number);
        figures.set(`${word}s`, (figures.get(`${word}s`) ?? 0) + 1);
    }
  };
  return {
    read: (line) => {
      // A killed process can leave half a line behind.
      const [, clipId] = /^clip ([0-9a-f-]{36})$/.exec(line) ?? [];
      if (clipId !== undefined) clips.add(clipId);
      const [, word, number] = /^([a-z-]+) (\d+)$/.exec(line) ?? [];
      if (word !== undefined) note(word, Number(number));
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
