/** All scores of one replay against the truth about its clip. */
import type { SceneEvent } from '../../contract/rule-event.ts';
import type { Recording } from '../recording.ts';
import { type ClearScore, clearMotOf } from './clear-mot.ts';
import { type CrossingScore, crossingScoreOf } from './crossing-score.ts';
import { type HotaScore, hotaOf } from './hota.ts';
import { type IdentityScore, identityScoreOf } from './identity-score.ts';
import { compare } from './sequence.ts';
import type { Truth } from './truth.ts';
import { type WatchPointScore, watchPointScoreOf } from './watch-point-score.ts';

export type Evaluation = Readonly<{
  hota: HotaScore;
  clear: ClearScore;
  identity: IdentityScore;
  crossings: CrossingScore;
  crossingsByRule: ReadonlyMap<string, CrossingScore>;
  watchPoints: WatchPointScore;
}>;

export function evaluate(recording: Recording, truth: Truth): Evaluation {
  const frames = recording.analysedFrames();
  const sequence = compare(truth.rows, recording.trackRows(), frames);
  const frameOf = (event: SceneEvent) =>
    Math.round((event.mediaTimeMs / 1000) * truth.framesPerSecond) + 1;
  const reported = recording
    .events()
    .flatMap((event) =>
      event.kind === 'tripwire-crossed'
        ? [{ ruleId: event.ruleId, direction: event.direction, frame: frameOf(event) }]
        : [],
    );
  const loitering = recording
    .events()
    .flatMap((event) =>
      event.kind === 'pass-loitering'
        ? [{ ruleId: event.ruleId, frame: frameOf(event), box: recording.inPixels(event.box) }]
        : [],
    );
  const ruleIds = [...new Set(truth.crossings.map((crossing) => crossing.ruleId))];
  return {
    hota: hotaOf(sequence),
    clear: clearMotOf(sequence),
    identity: identityScoreOf(sequence),
    crossings: crossingScoreOf(truth.crossings, reported),
    crossingsByRule: new Map(
      ruleIds.map((ruleId) => {
        const here = <One extends { ruleId: string }>(all: readonly One[]) =>
          all.filter((one) => one.ruleId === ruleId);
        return [ruleId, crossingScoreOf(here(truth.crossings), here(reported))];
      }),
    ),
    watchPoints: watchPointScoreOf(truth.visits, truth.rows, loitering),
  };
}
