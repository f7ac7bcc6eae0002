/** Capital letters and digits as SVG, drawn of squares in cells of 5 x 7: a centre has no fonts of its own to rely on. */

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

/** Width of a cell with the space after it, and the height of a line of text. */
export const cellWidth = 6;
export const cellHeight = 7;

/** Small letters become capitals; a letter without a drawing is told by its code point, such as U+674E. */
export function drawable(text: string): string {
  return [...text.toUpperCase()]
    .map((letter) =>
      letter === ' ' || letter in rows ? letter : `U+${letter.codePointAt(0)?.toString(16)}`,
    )
    .join('')
    .toUpperCase();
}

/** The data of one SVG path; `text` is drawable, each square is one wide. */
export function pixelPath(text: string): string {
  return [...text]
    .flatMap((letter, nth) =>
      (rows[letter] ?? []).flatMap((bits, y) =>
        [0, 1, 2, 3, 4].map((x) =>
          (bits & (16 >> x)) === 0 ? '' : `M${nth * cellWidth + x} ${y}h1v1h-1z`,
        ),
      ),
    )
    .join('');
}
