/** The figures and the legend beside the picture. In pixels of the finished image. */
import type { Evaluation } from '../evaluate.ts';
import {
  colours,
  crossingMark,
  disc,
  escaped,
  path,
  switchMark,
  thirdPassMark,
  visitMark,
} from './svg.ts';

export const panelWidth = 400;

type Row = Readonly<{ text: string; value?: string; kind: 'title' | 'head' | 'figure' }>;

const left = 28;
const symbolAt = left + 14;
const steps = { title: 44, head: 42, figure: 27 } as const;

export function panelOf(title: readonly string[], evaluation: Evaluation, height: number): string {
  let y = 16;
  const lines = rowsOf(title, evaluation).map((row) => {
    y += steps[row.kind];
    return lineOf(row, y);
  });
  return [
    `<rect width="${panelWidth}" height="${height}" fill="#11161d"/>`,
    ...lines,
    ...legend(y + 60),
  ].join('');
}

function rowsOf(title: readonly string[], evaluation: Evaluation): readonly Row[] {
  const { hota, clear, identity, crossingsByRule, watchPoints, reidentification } = evaluation;
  const figure = (text: string, value: string | number): Row => ({
    ...{ kind: 'figure', text },
    value: typeof value === 'number' ? value.toFixed(3) : value,
  });
  return [
    ...title.map((text, at): Row => ({ kind: at === 0 ? 'title' : 'figure', text })),
    { kind: 'head', text: 'Tracks' },
    figure('HOTA', hota.hota),
    figure('DetA / AssA', `${hota.detA.toFixed(3)} / ${hota.assA.toFixed(3)}`),
    figure('MOTA', clear.mota),
    figure('IDF1', identity.idF1),
    figure('identity switches', String(clear.switches)),
    figure('false / missed boxes', `${clear.falsePositives} / ${clear.misses}`),
    { kind: 'head', text: 'Crossings: true / false / missed' },
    ...[...crossingsByRule].map(([ruleId, score]) => figure(ruleId, counts(score))),
    { kind: 'head', text: 'Visits, and third passes' },
    ...[...watchPoints].map(([ruleId, { visits, thirdPasses }]) =>
      figure(ruleId, `${counts(visits)},  ${counts(thirdPasses)}`),
    ),
    { kind: 'head', text: 'Returning persons' },
    figure(
      'right / wrong / no link',
      `${reidentification.right} / ${reidentification.wrong} / ${reidentification.none}`,
    ),
    figure('different persons, one id', String(reidentification.wrongMerges.length)),
  ];
}

function lineOf({ kind, text, value }: Row, y: number): string {
  const size = { title: 27, head: 18, figure: 18 }[kind];
  const weight = kind === 'figure' ? 'normal' : 'bold';
  const fill = kind === 'figure' && value === undefined ? colours.quiet : colours.ink;
  const at = (x: number, anchor: string, content: string, colour: string) =>
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${colour}">${escaped(content)}</text>`;
  if (value === undefined) return at(left, 'start', text, fill);
  return at(left, 'start', text, colours.quiet) + at(panelWidth - left, 'end', value, colours.ink);
}

/** From `top` down, one symbol a line. */
function legend(top: number): readonly string[] {
  const size = 8;
  const sample = { x: symbolAt, y: 0 };
  const trail = path(
    [
      { x: left, y: 0 },
      { x: left + 28, y: 0 },
    ],
    'stroke="#4dabf7" stroke-width="4"',
  );
  const wire = [
    path(
      [
        { x: left, y: 0 },
        { x: left + 28, y: 0 },
      ],
      `stroke="${colours.wire}" stroke-opacity="0.3" stroke-width="14"`,
    ),
    path(
      [
        { x: left, y: 0 },
        { x: left + 28, y: 0 },
      ],
      `stroke="${colours.wire}" stroke-width="3"`,
    ),
  ].join('');
  const entries: readonly (readonly [symbol: string, text: string])[] = [
    [trail, 'way of a person (ring: first seen)'],
    [wire, 'tripwire with its dead band'],
    [crossingMark(sample, 'right', size), 'crossing, right'],
    [crossingMark(sample, 'wrong', size), 'crossing, false'],
    [crossingMark(sample, 'missed', size), 'crossing, missed'],
    [visitMark(sample, 'right', size), 'visit (false, missed: same colours)'],
    [thirdPassMark(sample, 'right', size * 0.6), 'third pass (the same)'],
    [switchMark({ x: symbolAt, y: 8 }, 10), 'identity switch, at its frame'],
    [disc(sample, 4, `fill="${colours.missed}"`), 'somebody there, no box'],
    [disc(sample, 4, `fill="${colours.wrong}"`), 'a box, nobody there'],
  ];
  return entries.map(
    ([symbol, text], at) =>
      `<g transform="translate(0 ${top + at * 31})">${symbol}` +
      `<text x="${left + 46}" y="6" font-size="17" fill="${colours.ink}">${text}</text></g>`,
  );
}

function counts(score: Readonly<Record<'right' | 'wrong' | 'missed', readonly unknown[]>>): string {
  return `${score.right.length} / ${score.wrong.length} / ${score.missed.length}`;
}
