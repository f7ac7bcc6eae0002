/** Ways in which a SQLite file and its log get damaged, for tests that open them afterwards. */
import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';

/** A whole number from 0, below the limit. */
export type Below = (limit: number) => number;

export const damageManners = [
  'bytes',
  'pages',
  'bits',
  'head',
  'cut',
  'empty',
  'no-database',
  'gone',
  'log-cut',
  'log-bytes',
  'log-gone',
  'log-foreign',
  'log-index-garbage',
] as const;
export type DamageManner = (typeof damageManners)[number];

type Work = (file: string, below: Below, foreignLog: string) => void;

/** `foreignLog` is the log of another database. */
export function damageFile(
  file: string,
  manner: DamageManner,
  below: Below,
  foreignLog: string,
): void {
  works[manner](file, below, foreignLog);
}

const pageBytes = 4096;
const logOf = (file: string): string => `${file}-wal`;

const works: Readonly<Record<DamageManner, Work>> = {
  bytes: (file, below) =>
    change(file, (bytes) => scatter(bytes, below, below(bytes.length), 64, 512)),
  pages: (file, below) =>
    change(file, (bytes) => {
      const page = below(Math.ceil(bytes.length / pageBytes)) * pageBytes;
      const end = Math.min(bytes.length, page + (1 + below(3)) * pageBytes);
      for (let at = page; at < end; at += 1) bytes[at] = below(256);
    }),
  bits: (file, below) =>
    change(file, (bytes) => {
      for (let flipped = 0; flipped < 20; flipped += 1) {
        const at = below(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
      }
    }),
  head: (file, below) => change(file, (bytes) => scatter(bytes, below, 0, 8, 100)),
  cut: (file, below) => truncateSync(file, 1 + below(readFileSync(file).length)),
  empty: (file) => truncateSync(file, 0),
  'no-database': (file) => writeFileSync(file, 'not a database, and rather short'),
  gone: (file) => rmSync(file),
  'log-cut': (file, below) => truncateSync(logOf(file), below(readFileSync(logOf(file)).length)),
  'log-bytes': (file, below) =>
    change(logOf(file), (bytes) => scatter(bytes, below, below(bytes.length), 8, 512)),
  'log-gone': (file) => rmSync(logOf(file)),
  'log-foreign': (file, _, foreignLog) => copyFileSync(foreignLog, logOf(file)),
  'log-index-garbage': (file, below) => {
    const index = `${file}-shm`;
    if (!existsSync(index)) writeFileSync(index, Buffer.alloc(32_768));
    change(index, (bytes) => scatter(bytes, below, 0, bytes.length, bytes.length));
  },
};

function change(file: string, work: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  work(bytes);
  writeFileSync(file, bytes);
}

function scatter(bytes: Buffer, below: Below, from: number, times: number, within: number): void {
  for (let done = 0; done < times; done += 1)
    bytes[(from + below(within)) % bytes.length] = below(256);
}
