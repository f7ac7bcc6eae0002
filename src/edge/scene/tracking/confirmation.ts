/** Which young objects become tracks in this frame: new ones, or a lost one that goes on. */
import { type Followed, isConfirmed } from './followed.ts';
import { lostOneOf, resume } from './resumption.ts';
import { beginAgain, deservesConfirmation, isDouble } from './track-life.ts';

type Confirmation = Readonly<{ nowMs: number; aspectRatio: number; newTrackId: () => number }>;

/** All that are alive, the confirmed ones with their ids; a lost one that goes on is there once, as what it goes on as. */
export function confirmYoung(
  alive: readonly Followed[],
  { nowMs, aspectRatio, newTrackId }: Confirmation,
): readonly Followed[] {
  const present = alive.filter((one) => isConfirmed(one) && one.lastSeenMs === nowMs);
  const judged = new Map<Followed, Followed>();
  const resumed = new Set<Followed>();
  const young = alive.filter((one) => !isConfirmed(one) && one.lastSeenMs === nowMs);
  // The surest first, so that of two boxes on one person the better one becomes the track.
  for (const one of young.sort((a, b) => b.confidenceSum - a.confidenceSum)) {
    if (isDouble(one, present)) {
      judged.set(one, beginAgain(one, nowMs));
      continue;
    }
    const lost = lostOneOf(one, alive, nowMs);
    if (lost !== undefined && !resumed.has(lost)) {
      resumed.add(lost);
      judged.set(one, resume(lost, one));
    } else if (deservesConfirmation(one, nowMs, aspectRatio)) {
      judged.set(one, { ...one, trackId: newTrackId() });
    } else continue;
    present.push(one);
  }
  return alive.filter((one) => !resumed.has(one)).map((one) => judged.get(one) ?? one);
}
