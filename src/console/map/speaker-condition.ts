/** How a speaker stands, in the one word that the map has room for: the worst of what is known. Pure. */
import type { SpeakerView } from '../../contract/console-api.ts';

/** `flagged`: it has not proven itself for a day; `unproven`: it cannot, and somebody has to listen. */
export type SpeakerCondition = 'failed' | 'flagged' | 'unproven' | 'unknown' | 'proven';

export function speakerCondition({
  state,
  isOverdue,
}: Pick<SpeakerView, 'state' | 'isOverdue'>): SpeakerCondition {
  if (state === 'unreachable' || state === 'refused') return 'failed';
  if (isOverdue) return 'flagged';
  return state === 'ready' ? 'proven' : state;
}
