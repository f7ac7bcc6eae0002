/** The figures of one replay as plain JSON, with the lists that are short enough to be read. */
import type { Looks } from '../../edge/lookout.ts';
import type { CrossingScore } from './crossing-score.ts';
import type { Evaluation } from './evaluate.ts';
import type { PlacedCrossing } from './truth.ts';
import type { VisitScore } from './watch-point-score.ts';

export type EvaluatedReplay = Readonly<{
  model: string;
  analysisFps: number;
  looks?: Looks;
  evaluation: Evaluation;
}>;

export function evaluationJson({ model, analysisFps, looks, evaluation }: EvaluatedReplay) {
  const { hota, clear, identity, crossings, crossingsByRule, watchPoints } = evaluation;
  const { mota, switches, falsePositives, misses, matches, switchList } = clear;
  return {
    ...{ looks, lookShare: evaluation.lookShare, gateRecall: evaluation.gateRecall },
    ...{ model, analysisFps, ...hota, mota, ...identity },
    ...{ switches, falsePositives, misses, matches, switchList },
    crossings: crossingFigures(crossings),
    crossingsByRule: onEach(crossingsByRule, crossingFigures),
    watchPoints: onEach(watchPoints, ({ visits, thirdPasses }) => ({
      visits: visitFigures(visits),
      thirdPasses: visitFigures(thirdPasses),
    })),
    reidentification: evaluation.reidentification,
  };
}

function crossingFigures(score: CrossingScore<PlacedCrossing>) {
  const { right, wrong, missed, precision, recall, f1 } = score;
  const brief = ({ ruleId, direction, frame }: PlacedCrossing) => ({ ruleId, direction, frame });
  const lists = { falseList: wrong.map(brief), missedList: missed.map(brief) };
  return { ...countsOf(right, wrong, missed), precision, recall, f1, ...lists };
}

function visitFigures({ right, wrong, missed }: VisitScore) {
  return {
    ...countsOf(right, wrong, missed),
    falseFrames: wrong.map(({ frame }) => frame),
    missedList: missed.map(({ person, id, enterFrame }) => ({ person, id, enterFrame })),
  };
}

function countsOf(
  right: readonly unknown[],
  wrong: readonly unknown[],
  missed: readonly unknown[],
) {
  return { true: right.length, false: wrong.length, missed: missed.length };
}

function onEach<One, Figures>(map: ReadonlyMap<string, One>, figures: (one: One) => Figures) {
  return Object.fromEntries([...map].map(([ruleId, one]) => [ruleId, figures(one)]));
}
