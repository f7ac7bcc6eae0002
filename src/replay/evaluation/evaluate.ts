/** All scores of one replay against the truth about its clip. */
import type { SceneEvent } from '../../contract/rule-event.ts';
import type { Recording } from '../recording.ts';
import { type ClearScore, clearMotOf } from './clear-mot.ts';
import { type CrossingScore, crossingScoreOf } from './crossing-score.ts';
import { type HotaScore, hotaOf } from './hota.ts';
import { type IdentityScore, identityScoreOf } from './identity-score.ts';
import { type ReidentificationScore, reidentificationOf } from './reidentification-score.ts';
import { compare } from './sequence.ts';
import type { PlacedCrossing, Truth } from './truth.ts';
import {
  thirdPassScoreOf,
  type VisitScore,
  visitScoreOf,
  type WatchPointReport,
} from './watch-point-score.ts';

type WatchPointScore = Readonly<{ visits: VisitScore; thirdPasses: VisitScore }>;

export type Evaluation = Readonly<{
  hota: HotaScore;
  clear: ClearScore;
  identity: IdentityScore;
  crossings: CrossingScore<PlacedCrossing>;
  crossingsByRule: ReadonlyMap<string, CrossingScore<PlacedCrossing>>;
  watchPoints: ReadonlyMap<string, WatchPointScore>;
  reidentification: ReidentificationScore;
  /** Share of the analysed frames that the detector looked at. */
  lookShare?: number;
  /** Share of the people in frames of whom the gate knew: see `gate-recall.ts`. */
  gateRecall?: number;
}>;

export function evaluate(recording: Recording, truth: Truth): Evaluation {
  const frames = recording.analysedFrames();
  const sequence = compare(truth.rows, recording.trackRows(), frames);
  const persons = compare(truth.rows, recording.personRows(), frames);
  const reported = reportedCrossings(recording, truth);
  const passesOf = reportedPasses(recording, truth);
  const ruleIds = [...new Set(truth.crossings.map((crossing) => crossing.ruleId))];
  return {
    hota: hotaOf(sequence),
    clear: clearMotOf(sequence),
    identity: identityScoreOf(sequence),
    crossings: crossingScoreOf(truth.crossings, reported),
    crossingsByRule: new Map(
      ruleIds.map((ruleId) => {
        const here = (all: readonly PlacedCrossing[]) => all.filter((one) => one.ruleId === ruleId);
        return [ruleId, crossingScoreOf(here(truth.crossings), here(reported))];
      }),
    ),
    watchPoints: new Map(
      truth.watchPoints.map(({ ruleId, visitRuleId, visits }) => [
        ruleId,
        {
          visits: visitScoreOf(visits, truth.rows, passesOf(visitRuleId)),
          thirdPasses: thirdPassScoreOf(visits, truth.rows, passesOf(ruleId)),
        },
      ]),
    ),
    reidentification: reidentificationOf(persons, truth.persons),
  };
}

function reportedCrossings(recording: Recording, truth: Truth): readonly PlacedCrossing[] {
  return recording.events().flatMap((event) => {
    if (event.kind !== 'tripwire-crossed') return [];
    const { ruleId, direction } = event;
    return [{ ruleId, direction, ...placeOf(event, recording, truth) }];
  });
}

function reportedPasses(
  recording: Recording,
  truth: Truth,
): (ruleId: string) => readonly WatchPointReport[] {
  const events = recording.events().filter((event) => event.kind === 'pass-loitering');
  return (ruleId) =>
    events
      .filter((event) => event.ruleId === ruleId)
      .map((event) => placeOf(event, recording, truth));
}

function placeOf(event: SceneEvent, recording: Recording, truth: Truth): WatchPointReport {
  const frame = Math.round((event.mediaTimeMs / 1000) * truth.framesPerSecond) + 1;
  return { frame, box: recording.inPixels(event.box) };
}
