/** What the operator can do with the alarm that stands before them, by key or by button. */
import type { PopupOrder } from './popup-orders.tsx';

export type PopupAnswer = Readonly<{
  acknowledge: () => void;
  close: (reason: 'false-alarm' | 'handled' | 'known-person') => void;
  putAside: () => void;
  /** Stops what the lane is being told; does nothing when it is told nothing. */
  silence: () => void;
  step: (by: 1 | -1) => void;
  /** Does nothing when this alarm has no such thing or the role may not. */
  order: (order: PopupOrder) => void;
}>;
