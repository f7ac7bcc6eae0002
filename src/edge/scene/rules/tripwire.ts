/**
 * Tripwire: a wire that is crossed, or two wires that the same person crosses one after the other. Standing between the
 * two is allowed, a change of the track's number too: crossings belong to persons.
 */
import { type Direction, defaultMostSeconds, type Tripwire } from '../../../contract/rule.ts';
import type { FirstCrossing } from '../../../contract/rule-event.ts';
import type { Point } from '../../../contract/shape.ts';
import type { Persons } from '../identity/person.ts';
import { type Firing, nothing, personNow, type RuleWatcher } from './rule-watcher.ts';
import type { Step } from './step.ts';
import {
  type Crossing,
  createWireCrossing,
  type WireCrossing,
  wireSettings,
} from './wire-crossing.ts';

export function createTripwireWatcher(wire: Tripwire, aspectRatio: number): RuleWatcher {
  const { secondWire } = wire;
  const crossing = createWireCrossing(wire.points as Point[], wireSettings(wire), aspectRatio);
  if (secondWire === undefined) return watchOne(crossing, wire.direction);
  const second = createWireCrossing(secondWire.points as Point[], wireSettings(wire), aspectRatio);
  return watchBoth(crossing, wire.direction, second, secondWire);
}

function watchOne(crossing: WireCrossing, wanted: Direction | undefined): RuleWatcher {
  const told = (crossed: Crossing | undefined): readonly Firing[] => {
    if (!isWanted(crossed, wanted)) return nothing;
    const { direction, step } = crossed;
    return [{ finding: { kind: 'tripwire-crossed', direction }, step }];
  };
  return {
    take: (glimpse) => told(crossing.take(glimpse)),
    elapse: () => nothing,
    inherit: crossing.inherit,
    end: (trackId) => told(crossing.end(trackId)),
    remembered: crossing.remembered,
  };
}

type Crossed = Readonly<{ personId: number; crossing: FirstCrossing }>;

function watchBoth(
  first: WireCrossing,
  firstWanted: Direction | undefined,
  second: WireCrossing,
  secondWire: NonNullable<Tripwire['secondWire']>,
): RuleWatcher {
  const leastMs = (secondWire.leastSeconds ?? 0) * 1000;
  const mostMs = (secondWire.mostSeconds ?? defaultMostSeconds) * 1000;
  let crossed: readonly Crossed[] = [];

  /** The person's newest first crossing of the right age; it and the person's older ones are used up. */
  const firstOf = (step: Step, atMs: number, persons: Persons): FirstCrossing | undefined => {
    const mine = crossed.filter(({ personId, crossing: { trackId, mediaTimeMs } }) => {
      const sinceMs = atMs - mediaTimeMs;
      const isOfPerson = personNow({ trackId, personId }, persons) === step.person.personId;
      return sinceMs >= leastMs && sinceMs <= mostMs && isOfPerson;
    });
    crossed = crossed.filter((one) => !mine.includes(one));
    return mine.at(-1)?.crossing;
  };

  const told = (
    here: Crossing | undefined,
    there: Crossing | undefined,
    persons: Persons,
  ): readonly Firing[] => {
    if (isWanted(here, firstWanted)) crossed = [...crossed, crossedBy(here)];
    if (!isWanted(there, secondWire.direction)) return nothing;
    const { direction, step, metWireMs } = there;
    const firstCrossing = firstOf(step, metWireMs, persons);
    if (firstCrossing === undefined) return nothing;
    return [{ finding: { kind: 'tripwire-crossed', direction, firstCrossing }, step }];
  };

  return {
    take: (glimpse, persons) => told(first.take(glimpse), second.take(glimpse), persons),
    elapse: (nowMs) => {
      const isOver = (one: Crossed) => nowMs - one.crossing.mediaTimeMs > mostMs;
      if (crossed.some(isOver)) crossed = crossed.filter((one) => !isOver(one));
      return nothing;
    },
    inherit: (from, to) => {
      first.inherit(from, to);
      second.inherit(from, to);
      crossed = crossed.map((one) => passedOn(one, from, to));
    },
    end: (trackId, _nowMs, persons) => told(first.end(trackId), second.end(trackId), persons),
    remembered: () => first.remembered() + second.remembered() + crossed.length,
  };
}

function isWanted(
  crossing: Crossing | undefined,
  wanted: Direction = 'both',
): crossing is Crossing {
  return crossing !== undefined && (wanted === 'both' || wanted === crossing.direction);
}

/** The moment is that of the wire itself; the wall clock goes back by as much as the media time. */
function crossedBy({ direction, metWireMs, step }: Crossing): Crossed {
  const { track, person, mediaTimeMs, capturedAtMs, box } = step;
  return {
    personId: person.personId,
    crossing: {
      direction,
      crossedAtMs: Math.round(capturedAtMs - (mediaTimeMs - metWireMs)),
      mediaTimeMs: metWireMs,
      trackId: track.trackId,
      box,
    },
  };
}

/** The successor is whoever the track was: with it the person's number may have changed. */
function passedOn(one: Crossed, from: number, to: number): Crossed {
  if (one.crossing.trackId !== from) return one;
  const personId = one.personId === from ? to : one.personId;
  return { personId, crossing: { ...one.crossing, trackId: to } };
}
