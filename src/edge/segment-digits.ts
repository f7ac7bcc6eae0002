/** Digits, colons and spaces as SVG strokes in seven segments: a box has no fonts of its own to rely on. */

/** Which of the segments a (top), b, c, d (bottom), e, f and g (middle), clockwise from the top, a digit lights. */
const lit: Readonly<Record<string, string>> = {
  '0': 'abcdef',
  '1': 'bc',
  '2': 'abged',
  '3': 'abgcd',
  '4': 'fgbc',
  '5': 'afgcd',
  '6': 'afgedc',
  '7': 'abc',
  '8': 'abcdefg',
  '9': 'abcdfg',
};

/** Begin and end of each segment in a cell one wide and two high. */
const strokes: Readonly<Record<string, string>> = {
  a: 'M0 0H1',
  b: 'M1 0V1',
  c: 'M1 1V2',
  d: 'M0 2H1',
  e: 'M0 1V2',
  f: 'M0 0V1',
  g: 'M0 1H1',
};
const colon = 'M.5 .5v.3M.5 1.3v.3';
/** Width of a cell with the space after it. */
const pitch = 1.6;

/** How many digit widths the text takes; its height is two. */
export function digitsWidth(text: string): number {
  return text.length * pitch - (pitch - 1);
}

/** `scale` is the width of a digit in pixels; characters that are no digits, colons or spaces stay empty. */
export function digitsSvg(text: string, x: number, y: number, scale: number): string {
  const paths = [...text].map((character, nth) => {
    const path =
      character === ':'
        ? colon
        : [...(lit[character] ?? '')].map((segment) => strokes[segment] ?? '').join('');
    return `<path transform="translate(${nth * pitch} 0)" d="${path}"/>`;
  });
  return (
    `<g transform="translate(${x} ${y}) scale(${scale})" fill="none" stroke="#fff" ` +
    `stroke-width=".3" stroke-linecap="round">${paths.join('')}</g>`
  );
}
