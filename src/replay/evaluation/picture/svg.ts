/** Pieces of SVG text. All coordinates are in the unit of the group that they stand in. */

export type Spot = Readonly<{ x: number; y: number }>;

export const colours = {
  wire: '#ffd60a',
  watchPoint: '#64d2ff',
  right: '#34c759',
  wrong: '#ff2d92',
  missed: '#ff9f0a',
  switched: '#ffffff',
  ink: '#e8ecf1',
  quiet: '#93a1b3',
} as const;

const hues = [
  ...['#ff6b6b', '#4dabf7', '#ffe066', '#69db7c', '#da77f2', '#ffa94d', '#3bc9db', '#f783ac'],
  ...['#a9e34b', '#9775fa', '#e8b08a', '#63e6be', '#ff8787', '#74c0fc', '#fcc419', '#b2f2bb'],
];

/** The same person has the same colour all over a picture. */
export function colourOf(personId: number): string {
  return hues[personId % hues.length] ?? colours.ink;
}

export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function path(spots: readonly Spot[], attributes: string): string {
  const points = spots.map(({ x, y }) => `${n(x)},${n(y)}`).join(' ');
  return `<polyline points="${points}" fill="none" ${attributes}/>`;
}

export function disc({ x, y }: Spot, radius: number, attributes: string): string {
  return `<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" ${attributes}/>`;
}

/** White or coloured text with a dark rim, that can be read on any picture. */
export function label({ x, y }: Spot, content: string, size: number, fill: string): string {
  return (
    `<text x="${n(x)}" y="${n(y)}" font-size="${n(size)}" font-weight="bold" fill="${fill}" stroke="#0b0f14" ` +
    `stroke-width="${n(size / 5)}" stroke-linejoin="round" paint-order="stroke">${escaped(content)}</text>`
  );
}

export function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export type Verdict = 'right' | 'wrong' | 'missed';

/** A crossing: a filled disc, a cross, an open ring. */
export function crossingMark(at: Spot, verdict: Verdict, size: number): string {
  return mark(at, verdict, size, disc(at, size, ''));
}

/** A visit: the same with four corners. */
export function visitMark(at: Spot, verdict: Verdict, size: number): string {
  return mark(at, verdict, size, diamond(at, size * 1.3));
}

/** Third passes: the same with a ring around. */
export function thirdPassMark(at: Spot, verdict: Verdict, size: number): string {
  const ring = (colour: string, width: number) =>
    disc(at, size * 2.8, `fill="none" stroke="${colour}" stroke-width="${n(width)}"`);
  return (
    ring('#0b0f14', size * 1.1) + ring(colours[verdict], size * 0.7) + visitMark(at, verdict, size)
  );
}

/** A track that has changed over to another number: an arrowhead pointing down at the place. */
export function switchMark({ x, y }: Spot, size: number): string {
  const corners = [
    [x, y],
    [x - size * 0.8, y - size * 1.7],
    [x + size * 0.8, y - size * 1.7],
  ];
  const points = corners.map(([left = 0, top = 0]) => `${n(left)},${n(top)}`).join(' ');
  return `<polygon points="${points}" fill="${colours.switched}" stroke="#0b0f14" stroke-width="${n(size / 4)}"/>`;
}

function mark({ x, y }: Spot, verdict: Verdict, size: number, shape: string): string {
  const colour = colours[verdict];
  const rim = n(size / 2.2);
  if (verdict === 'right') {
    return `<g fill="${colour}" stroke="#0b0f14" stroke-width="${n(size / 4)}">${shape}</g>`;
  }
  const open = `<g fill="#0b0f14" fill-opacity="0.4" stroke="${colour}" stroke-width="${rim}">${shape}</g>`;
  if (verdict === 'missed') return open;
  const arm = size * 0.7;
  const stroke = `stroke="${colour}" stroke-width="${rim}" stroke-linecap="round"`;
  return (
    open +
    path(
      [
        { x: x - arm, y: y - arm },
        { x: x + arm, y: y + arm },
      ],
      stroke,
    ) +
    path(
      [
        { x: x - arm, y: y + arm },
        { x: x + arm, y: y - arm },
      ],
      stroke,
    )
  );
}

function diamond({ x, y }: Spot, size: number): string {
  return `<polygon points="${n(x)},${n(y - size)} ${n(x + size)},${n(y)} ${n(x)},${n(y + size)} ${n(x - size)},${n(y)}"/>`;
}
