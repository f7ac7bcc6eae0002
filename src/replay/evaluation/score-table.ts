/** The scores of several replays as one table for a person to read. */
import type { Evaluation } from './evaluate.ts';

/** `title` is the column's head, line by line. */
export type NamedEvaluation = Readonly<{ title: readonly string[]; evaluation: Evaluation }>;

type Line = readonly [title: string, of: (evaluation: Evaluation) => string];

const gap = 2;

/** One column for each evaluation, one line for each score; counts are true/false/missed where three stand together. */
export function scoreTable(evaluations: readonly NamedEvaluation[]): string {
  const all = evaluations.map(({ evaluation }) => evaluation);
  const heads = Math.max(0, ...evaluations.map(({ title }) => title.length));
  const rows = [
    ...Array.from({ length: heads }, (_, line) => [
      '',
      ...evaluations.map(({ title }) => title[line] ?? ''),
    ]),
    ...linesFor(all).map(([title, of]) => [title, ...all.map(of)]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) => lineOf(row, widths)).join('\n');
}

function linesFor(all: readonly Evaluation[]): readonly Line[] {
  return [
    ['HOTA', ({ hota }) => share(hota.hota)],
    ['DetA', ({ hota }) => share(hota.detA)],
    ['AssA', ({ hota }) => share(hota.assA)],
    ['MOTA', ({ clear }) => share(clear.mota)],
    ['IDF1', ({ identity }) => share(identity.idF1)],
    ['identity switches', ({ clear }) => String(clear.switches)],
    ['false boxes', ({ clear }) => String(clear.falsePositives)],
    ['missed boxes', ({ clear }) => String(clear.misses)],
    ...crossingLines('all tripwires', ({ crossings }) => crossings),
    ...keysOf(all, ({ crossingsByRule }) => crossingsByRule).flatMap((ruleId) =>
      crossingLines(ruleId, ({ crossingsByRule }) => crossingsByRule.get(ruleId)),
    ),
    ...keysOf(all, ({ watchPoints }) => watchPoints).flatMap((ruleId) => watchPointLines(ruleId)),
    ['frames looked at', ({ lookShare }) => (lookShare === undefined ? '' : share(lookShare))],
    ['gate recall', ({ gateRecall }) => (gateRecall === undefined ? '' : share(gateRecall))],
    ['returning persons: right link', ({ reidentification }) => String(reidentification.right)],
    ['  wrong link', ({ reidentification }) => String(reidentification.wrong)],
    ['  no link', ({ reidentification }) => String(reidentification.none)],
    ['different persons under one id', mergeCount],
  ];
}

function crossingLines(
  name: string,
  scoreOf: (evaluation: Evaluation) => Evaluation['crossings'] | undefined,
): readonly Line[] {
  const figure =
    (key: 'precision' | 'recall' | 'f1') =>
    (evaluation: Evaluation): string => {
      const score = scoreOf(evaluation);
      return score === undefined ? '' : share(score[key]);
    };
  return [
    [`${name}: true/false/missed`, (evaluation) => counts(scoreOf(evaluation))],
    ['  precision', figure('precision')],
    ['  recall', figure('recall')],
    ['  F1', figure('f1')],
  ];
}

function watchPointLines(ruleId: string): readonly Line[] {
  return [
    [`${ruleId}: visits`, ({ watchPoints }) => counts(watchPoints.get(ruleId)?.visits)],
    ['  third passes', ({ watchPoints }) => counts(watchPoints.get(ruleId)?.thirdPasses)],
  ];
}

function mergeCount({ reidentification }: Evaluation): string {
  return String(reidentification.wrongMerges.length);
}

function keysOf(
  all: readonly Evaluation[],
  mapOf: (evaluation: Evaluation) => ReadonlyMap<string, unknown>,
): readonly string[] {
  return [...new Set(all.flatMap((evaluation) => [...mapOf(evaluation).keys()]))];
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, column) => {
    const width = widths[column] ?? 0;
    return column === 0 ? cell.padEnd(width) : cell.padStart(width + gap);
  });
  return padded.join('').trimEnd();
}

function share(value: number): string {
  return value.toFixed(3);
}

type Counted = Readonly<Record<'right' | 'wrong' | 'missed', readonly unknown[]>>;

function counts(score: Counted | undefined): string {
  return score === undefined
    ? ''
    : `${score.right.length}/${score.wrong.length}/${score.missed.length}`;
}
