/**
 * Which letters the fonts of this machine can draw, of those that the centre cannot draw itself: Chinese, Japanese and
 * Korean, and their punctuation. Asked of fontconfig once; without it, or without such a font, there are none.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether a letter can be drawn. */
export type FontLetters = (letter: string) => boolean;

const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3001-\u3011\uff01-\uff5e“”‘’…—·]$/u;
/** A font that has not even "one" draws no Chinese. */
const query = ['-f', '%{charset}\n', ':charset=4e00'];
const limits = { timeout: 10_000, maxBuffer: 32 * 1024 ** 2 };
const run = promisify(execFile);

export const noLetters: FontLetters = () => false;

let asked: Promise<FontLetters> | undefined;

/** Never rejects. A failure is not remembered: the fonts may be installed meanwhile. */
export function fontLetters(): Promise<FontLetters> {
  asked ??= ask('fc-list').catch(() => {
    asked = undefined;
    return noLetters;
  });
  return asked;
}

async function ask(program: string): Promise<FontLetters> {
  const { stdout } = await run(program, query, limits);
  const covered = readCoverage(stdout);
  return (letter) => wide.test(letter) && covered(letter.codePointAt(0) ?? 0);
}

/** Of lines such as `20-7e a0 4e00-9fff`, one a font. */
export function readCoverage(text: string): (codePoint: number) => boolean {
  const ranges = [...new Set(text.split(/\s+/))].flatMap((range) => {
    const [, first, last = first] = /^([0-9a-f]+)(?:-([0-9a-f]+))?$/.exec(range) ?? [];
    return first === undefined || last === undefined
      ? []
      : [[Number.parseInt(first, 16), Number.parseInt(last, 16)] as const];
  });
  return (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
}
