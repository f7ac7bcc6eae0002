/** What the edge said: which events it tried, which of them it had safe on disk, and how many wait in its outbox. */

export type ProducerLog = Readonly<{
  read: (line: string) => void;
  tried: ReadonlySet<number>;
  kept: ReadonlySet<number>;
  next: () => number;
  backlog: () => number;
}>;

export function createProducerLog(): ProducerLog {
  const tried = new Set<number>();
  const kept = new Set<number>();
  let newest = 0;
  let backlog = Number.POSITIVE_INFINITY;
  return {
    read: (line) => {
      // A killed process can leave half a line behind.
      const [, word, text] = /^(try|kept|backlog) (\d+)$/.exec(line) ?? [];
      const number = Number(text);
      if (word === 'try') {
        tried.add(number);
        newest = Math.max(newest, number);
      } else if (word === 'kept') kept.add(number);
      else if (word === 'backlog') backlog = number;
    },
    tried,
    kept,
    next: () => newest + 1,
    backlog: () => backlog,
  };
}
