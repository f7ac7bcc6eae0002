/**
 * Watch point, the virtual guard: visits of one person to a circle on the ground. The event comes as the last of the
 * wanted passes within the window begins, or later when it becomes known later that they were one person's, and carries
 * all passes within the window as evidence. A pass that has been told does not call again: the next event comes with as
 * many new ones.
 */
import { defaultWindowSeconds, type WatchPoint } from '../../../contract/rule.ts';
import type { Pass } from '../../../contract/rule-event.ts';
import type { Point } from '../../../contract/shape.ts';
import type { Persons } from '../identity/person.ts';
import { createPassBook, type KnownPass } from './pass-book.ts';
import { type Firing, nothing, passOn, type RuleWatcher, type Scope } from './rule-watcher.ts';
import type { Step } from './step.ts';
import { createVisits, type VisitChange } from './visits.ts';

const noPasses: readonly Pass[] = [];
const defaultPasses = 3;

/** The newest pass of a track that is alive, its newest step, and whose the track was when it was last counted. */
type OpenPass = { known: KnownPass; lastStep: Step; countedFor: number | undefined };

export function createWatchPointWatcher(
  watchPoint: WatchPoint,
  aspectRatio: number,
  { admits, isInForce }: Scope,
): RuleWatcher {
  const { passes = defaultPasses, windowSeconds = defaultWindowSeconds } = watchPoint;
  const { radiusOfHeight } = watchPoint;
  const visits = createVisits({ centre: watchPoint.centre as Point, radiusOfHeight }, aspectRatio);
  const book = createPassBook(passes, windowSeconds * 1000);
  const open = new Map<number, OpenPass>();
  let beginning: readonly Pass[] = noPasses;
  let begun: readonly Pass[] = noPasses;

  const count = (mine: OpenPass, step: Step, persons: Persons): readonly Firing[] => {
    // Passes that are told while nobody would hear of it would be used up.
    if (mine.countedFor === step.person.personId || !admits(step)) return nothing;
    mine.countedFor = step.person.personId;
    const due = book.due(step, persons);
    return due === undefined
      ? nothing
      : [{ finding: { kind: 'pass-loitering', passes: [...due] }, step }];
  };

  return {
    take: (glimpse, persons) => {
      const { trackId } = glimpse;
      const change = visits.take(glimpse);
      if (change.begunAtMs !== undefined && isInForce(glimpse.capturedAtMs)) {
        const step = glimpse.step();
        const known = book.enter(step, change.begunAtMs);
        open.set(trackId, { known, lastStep: step, countedFor: undefined });
        beginning = [...beginning, known.pass];
      }
      const mine = open.get(trackId);
      if (mine === undefined) return nothing;
      const step = glimpse.step();
      mine.lastStep = step;
      follow(mine.known, change, step.mediaTimeMs);
      return count(mine, step, persons);
    },
    elapse: (nowMs) => {
      book.forgetOld(nowMs);
      begun = beginning;
      beginning = noPasses;
      return nothing;
    },
    inherit: (from, to) => {
      visits.inherit(from, to);
      book.inherit(from, to);
      passOn(open, from, to);
    },
    end: (trackId, _nowMs, persons) => {
      visits.end(trackId);
      const mine = open.get(trackId);
      open.delete(trackId);
      if (mine === undefined) return nothing;
      return count(mine, { ...mine.lastStep, person: persons.personOf(trackId) }, persons);
    },
    begunPasses: () => begun,
    remembered: () => visits.remembered() + open.size + book.size(),
  };
}

function follow(pass: KnownPass, { begunAtMs, isInside, isOver }: VisitChange, atMs: number): void {
  if (isInside) pass.insideUntilMs = atMs;
  if (isOver && begunAtMs === undefined) pass.isOver = true;
}
