/**
 * The passes at one watch point within its window. They are kept by track and counted by the person of that track as it
 * is known now, so that joining two persons, or giving a track to another, neither loses a pass nor counts it twice.
 */
import type { Pass } from '../../../contract/rule-event.ts';
import type { Persons } from '../identity/person.ts';
import { personNow } from './rule-watcher.ts';
import type { Step } from './step.ts';

/** Lost within the circle and found there again as another track: one visit, unless so much time lies between. */
const sameVisitMs = 5000;
/** A window of a day at a busy corner has some thousands. The oldest are forgotten first. */
const mostPasses = 20_000;

export type KnownPass = {
  trackId: number;
  personId: number;
  pass: Pass;
  /** When the person was last seen within the circle during this visit, and whether it was seen to leave. */
  insideUntilMs: number;
  isOver: boolean;
  isTold: boolean;
};

export type PassBook = Readonly<{
  /** A visit of the step's track began at `atMs`. */
  enter: (step: Step, atMs: number) => KnownPass;
  /** All passes of the step's person, when as many as wanted of them have not been told; from then on they are. */
  due: (step: Step, persons: Persons) => readonly Pass[] | undefined;
  inherit: (from: number, to: number) => void;
  forgetOld: (nowMs: number) => void;
  size: () => number;
}>;

export function createPassBook(wanted: number, windowMs: number): PassBook {
  let passes: readonly KnownPass[] = [];
  const isOld = ({ pass }: KnownPass, nowMs: number) => nowMs - pass.mediaTimeMs > windowMs;
  return {
    enter: (step, atMs) => {
      const known = passAt(step, atMs);
      passes = [...passes.slice(1 - mostPasses), known];
      return known;
    },
    due: (step, persons) => {
      const { personId } = step.person;
      const mine = passes.filter(
        (one) => !isOld(one, step.mediaTimeMs) && personNow(one, persons) === personId,
      );
      for (const one of mine) one.personId = personId;
      const separate = mine.filter((one, at) => !goesOn(mine[at - 1], one));
      if (separate.filter(({ isTold }) => !isTold).length < wanted) return undefined;
      for (const one of mine) one.isTold = true;
      return separate.map(({ pass, trackId }) => ({
        ...pass,
        trackId,
        link: persons.personOf(trackId).link,
      }));
    },
    inherit: (from, to) => {
      for (const one of passes) if (one.trackId === from) passTo(one, to);
    },
    forgetOld: (nowMs) => {
      const [oldest] = passes;
      if (oldest === undefined || !isOld(oldest, nowMs)) return;
      passes = passes.filter((one) => !isOld(one, nowMs));
    },
    size: () => passes.length,
  };
}

function passAt(step: Step, atMs: number): KnownPass {
  const { track, person, box, capturedAtMs, mediaTimeMs } = step;
  const { trackId } = track;
  const startedAtMs = Math.round(capturedAtMs - (mediaTimeMs - atMs));
  return {
    trackId,
    personId: person.personId,
    pass: { startedAtMs, mediaTimeMs: atMs, trackId, link: person.link, box },
    insideUntilMs: mediaTimeMs,
    isOver: false,
    isTold: false,
  };
}

/** The later pass is the earlier visit going on under another track's number. */
function goesOn(earlier: KnownPass | undefined, later: KnownPass): boolean {
  if (earlier === undefined || earlier.isOver || earlier.trackId === later.trackId) return false;
  return later.pass.mediaTimeMs - earlier.insideUntilMs <= sameVisitMs;
}

/** The successor is whoever the track was: with it the person's number may have changed. */
function passTo(one: KnownPass, trackId: number): void {
  if (one.personId === one.trackId) one.personId = trackId;
  one.trackId = trackId;
}
