/** The scores of several replays as one table for a person to read. */
import type { CrossingScore } from './crossing-score.ts';
import type { Evaluation } from './evaluate.ts';

/** `title` is the column's head, line by line. */
export type NamedEvaluation = Readonly<{ title: readonly string[]; evaluation: Evaluation }>;

const titleWidth = 32;
const columnWidth = 22;

/** One column for each evaluation, one line for each score. */
export function scoreTable(evaluations: readonly NamedEvaluation[]): string {
  const ruleIds = new Set(
    evaluations.flatMap(({ evaluation }) => [...evaluation.crossingsByRule.keys()]),
  );
  const lines: readonly (readonly [string, (evaluation: Evaluation) => string])[] = [
    ['HOTA', ({ hota }) => share(hota.hota)],
    ['DetA', ({ hota }) => share(hota.detA)],
    ['AssA', ({ hota }) => share(hota.assA)],
    ['MOTA', ({ clear }) => share(clear.mota)],
    ['IDF1', ({ identity }) => share(identity.idF1)],
    ['identity switches', ({ clear }) => String(clear.switches)],
    ['false boxes', ({ clear }) => String(clear.falsePositives)],
    ['missed boxes', ({ clear }) => String(clear.misses)],
    ['crossings: F1', ({ crossings }) => share(crossings.f1)],
    ['crossings: precision', ({ crossings }) => share(crossings.precision)],
    ['crossings: recall', ({ crossings }) => share(crossings.recall)],
    ['crossings: true/false/missed', ({ crossings }) => counts(crossings)],
    ...[...ruleIds].map(
      (ruleId) =>
        [
          `  ${ruleId}`,
          (evaluation: Evaluation) => counts(evaluation.crossingsByRule.get(ruleId)),
        ] as const,
    ),
    [
      'third passes: true/false/missed',
      ({ watchPoints: { right, wrong, missed } }) => `${right}/${wrong}/${missed}`,
    ],
  ];
  const rows = [
    ...[0, 1].map((line) => ['', ...evaluations.map(({ title }) => title[line] ?? '')]),
    ...lines.map(([title, of]) => [title, ...evaluations.map(({ evaluation }) => of(evaluation))]),
  ];
  return rows.map(lineOf).join('\n');
}

function lineOf([title = '', ...cells]: readonly string[]): string {
  return title.padEnd(titleWidth) + cells.map((cell) => cell.padStart(columnWidth)).join('');
}

function share(value: number): string {
  return value.toFixed(3);
}

function counts(score: CrossingScore | undefined): string {
  return score === undefined ? '' : `${score.right}/${score.wrong.length}/${score.missed.length}`;
}
