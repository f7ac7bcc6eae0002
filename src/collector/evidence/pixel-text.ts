/**
 * A line of text as SVG: capital letters and digits drawn of squares in cells of 5 x 7, since a centre has no fonts of its own
 * to rely on; Chinese by a font where the machine has one.
 */
import { type FontLetters, noLetters } from './font-letters.ts';

/** Seven rows from the top, each five bits, the highest on the left. */
const rows: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
  [
    'A 0e 11 11 1f 11 11 11',
    'B 1e 11 11 1e 11 11 1e',
    'C 0e 11 10 10 10 11 0e',
    'D 1e 11 11 11 11 11 1e',
    'E 1f 10 10 1e 10 10 1f',
    'F 1f 10 10 1e 10 10 10',
    'G 0e 11 10 17 11 11 0f',
    'H 11 11 11 1f 11 11 11',
    'I 0e 04 04 04 04 04 0e',
    'J 07 02 02 02 02 12 0c',
    'K 11 12 14 18 14 12 11',
    'L 10 10 10 10 10 10 1f',
    'M 11 1b 15 15 11 11 11',
    'N 11 19 15 13 11 11 11',
    'O 0e 11 11 11 11 11 0e',
    'P 1e 11 11 1e 10 10 10',
    'Q 0e 11 11 11 15 12 0d',
    'R 1e 11 11 1e 14 12 11',
    'S 0f 10 10 0e 01 01 1e',
    'T 1f 04 04 04 04 04 04',
    'U 11 11 11 11 11 11 0e',
    'V 11 11 11 11 11 0a 04',
    'W 11 11 11 15 15 1b 11',
    'X 11 11 0a 04 0a 11 11',
    'Y 11 11 0a 04 04 04 04',
    'Z 1f 01 02 04 08 10 1f',
    '0 0e 11 13 15 19 11 0e',
    '1 04 0c 04 04 04 04 0e',
    '2 0e 11 01 06 08 10 1f',
    '3 1e 01 01 0e 01 01 1e',
    '4 02 06 0a 12 1f 02 02',
    '5 1f 10 1e 01 01 11 0e',
    '6 06 08 10 1e 11 11 0e',
    '7 1f 01 02 04 08 08 08',
    '8 0e 11 11 0e 11 11 0e',
    '9 0e 11 11 0f 01 02 0c',
    '- 00 00 00 1f 00 00 00',
    '. 00 00 00 00 00 0c 0c',
    ': 00 0c 0c 00 0c 0c 00',
    '+ 00 04 04 1f 04 04 00',
    '_ 00 00 00 00 00 00 1f',
    '@ 0e 11 17 15 17 10 0e',
    '/ 01 02 02 04 08 08 10',
  ].map((line) => {
    const [letter = '', ...bits] = line.split(' ');
    return [letter, bits.map((row) => Number.parseInt(row, 16))] as const;
  }),
);

/** The height of a line, in squares. */
export const lineHeight = 9;
const cellWidth = 6;
const wideWidth = 10;

/**
 * Small letters become capitals; a letter that neither the squares nor a font can draw is told by its code point, such as
 * U+674E. What comes out holds nothing that means something in SVG.
 */
export function drawable(text: string, byFont: FontLetters = noLetters): string {
  return [...text.toUpperCase()]
    .map((letter) =>
      letter === ' ' || Object.hasOwn(rows, letter) || byFont(letter)
        ? letter
        : `U+${letter.codePointAt(0)?.toString(16).toUpperCase()}`,
    )
    .join('');
}

const isOwn = (letter: string): boolean => letter === ' ' || Object.hasOwn(rows, letter);

/** In squares; `text` is drawable. */
export function lineWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (isOwn(letter) ? cellWidth : wideWidth), 0);
}

/** As much of a drawable text as so many squares hold. */
export function cutTo(text: string, width: number): string {
  if (lineWidth(text) <= width) return text;
  let kept = '';
  for (const letter of text) {
    if (lineWidth(`${kept}${letter}...`) > width) break;
    kept += letter;
  }
  return `${kept}...`;
}

/** The elements of one line; `text` is drawable. */
export function lineOf(text: string): string {
  let x = 0;
  let path = '';
  let letters = '';
  for (const letter of text) {
    if (isOwn(letter)) path += squares(letter, x);
    else letters += `<text x="${x}" y="7.2">${letter}</text>`;
    x += isOwn(letter) ? cellWidth : wideWidth;
  }
  const byFont = letters === '' ? '' : `<g font-family="sans-serif" font-size="9">${letters}</g>`;
  return `<path d="${path}"/>${byFont}`;
}

/** Each is one wide. */
function squares(letter: string, left: number): string {
  return (rows[letter] ?? [])
    .flatMap((bits, y) =>
      [0, 1, 2, 3, 4].map((x) => ((bits & (16 >> x)) === 0 ? '' : `M${left + x} ${y}h1v1h-1z`)),
    )
    .join('');
}
