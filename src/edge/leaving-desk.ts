/** In a camera's worker: takes the orders to watch whether somebody leaves, and answers those that cannot be watched. */
import { because } from '../contract/reason.ts';
import type { CameraRules } from '../contract/rule.ts';
import { createLeavingWatch, type Leaving, type LeavingOrder } from './scene/leaving-watch.ts';
import type { SceneTrack } from './scene/scene.ts';

export type LeavingDesk = Readonly<{
  /** `capturedAtMs` is when the picture of the event was taken. */
  start: (order: LeavingOrder, capturedAtMs: number) => void;
  observe: (tracks: readonly SceneTrack[]) => void;
  /** Called about each second, pictures or not. */
  elapse: () => void;
  /** The numbers of tracks and persons begin anew. */
  forget: (reason: string) => void;
}>;

type Parts = Readonly<{
  /** What is seen, and since when by the wall clock; undefined before the first picture. */
  sight: () => Readonly<{ rules: CameraRules; aspectRatio: number; sinceMs: number }> | undefined;
  /** Why nobody could be seen now, if so. */
  blindness: () => string | undefined;
  send: (leaving: Leaving) => void;
  /** A clock that never goes back. */
  now: () => number;
}>;

export function createLeavingDesk({ sight, blindness, send, now }: Parts): LeavingDesk {
  const watch = createLeavingWatch();
  const sendAll = (answers: readonly Leaving[]): void => answers.forEach(send);
  const refusalOf = (order: LeavingOrder, capturedAtMs: number): string | undefined => {
    const seen = sight();
    const blind = blindness();
    if (blind !== undefined) return blind;
    if (seen === undefined || capturedAtMs < seen.sinceMs) return because('analysis-began-anew');
    return watch.start(order, seen, now()) ? undefined : because('rule-gone');
  };
  return {
    start: (order, capturedAtMs) => {
      const reason = refusalOf(order, capturedAtMs);
      const { eventId } = order;
      if (reason !== undefined) send({ eventId, outcome: 'unknown', afterSeconds: 0, reason });
    },
    observe: (tracks) => sendAll(watch.observe(tracks, now())),
    elapse: () => sendAll(watch.elapse(now(), blindness())),
    forget: (reason) => {
      sendAll(watch.elapse(now(), reason));
      watch.observe([], now());
    },
  };
}
