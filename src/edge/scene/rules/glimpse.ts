/** The views that rules are shown, used again for every frame: as many as a frame had sightings at most. */
import { footPointOf } from '../../../contract/shape.ts';
import type { Persons } from '../identity/person.ts';
import type { Glimpse, Step } from './step.ts';

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** A view with what it needs to be kept. */
export type OpenGlimpse = Writable<Glimpse> & {
  usualConfidence: number;
  usualHeight: number;
  persons: Persons;
  /** Once somebody has kept it. */
  kept: Step | undefined;
};

export type GlimpsePool = Readonly<{
  /** From here on the views of the frame before are used again. */
  clear: () => void;
  next: () => OpenGlimpse;
  /** Those handed out since `clear` are the first so many. */
  all: readonly Glimpse[];
  count: () => number;
}>;

export function createGlimpsePool(): GlimpsePool {
  const all: OpenGlimpse[] = [];
  let count = 0;
  return {
    all,
    count: () => count,
    clear: () => {
      count = 0;
    },
    next: () => {
      const glimpse = all[count] ?? createGlimpse();
      if (count === all.length) all.push(glimpse);
      glimpse.kept = undefined;
      count += 1;
      return glimpse;
    },
  };
}

const nobody: Persons = { personOf: (personId) => ({ personId, link: 'same-track' }) };

function createGlimpse(): OpenGlimpse {
  const glimpse: OpenGlimpse = {
    trackId: 0,
    label: '',
    // Not whole numbers, so that the engine keeps room for fractions in place.
    confidence: 0.5,
    left: 0.5,
    top: 0.5,
    right: 0.5,
    bottom: 0.5,
    x: 0.5,
    y: 0.5,
    boxHeight: 0.5,
    mediaTimeMs: 0.5,
    capturedAtMs: 0.5,
    isBridged: false,
    beforeX: 0.5,
    beforeY: 0.5,
    beforeMs: 0.5,
    afterBlindTime: false,
    usualConfidence: 0.5,
    usualHeight: 0.5,
    persons: nobody,
    kept: undefined,
    step: () => {
      glimpse.kept ??= stepOf(glimpse);
      return glimpse.kept;
    },
  };
  return glimpse;
}

function stepOf(glimpse: OpenGlimpse): Step {
  const { trackId, label, confidence, left, top, right, bottom, boxHeight } = glimpse;
  const box = { left, top, right, bottom };
  return {
    track: { trackId, label, confidence },
    person: glimpse.persons.personOf(trackId),
    box,
    footPoint: footPointOf(box),
    boxHeight,
    usual: { confidence: glimpse.usualConfidence, boxHeight: glimpse.usualHeight },
    mediaTimeMs: glimpse.mediaTimeMs,
    capturedAtMs: glimpse.capturedAtMs,
  };
}
