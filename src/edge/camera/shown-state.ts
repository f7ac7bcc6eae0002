/** What is shown of a camera: told on change only; a stall that goes on is shown as offline after a while. */
import type { CameraState } from '../../contract/edge-report.ts';

type Shown = Readonly<{ state: CameraState; reason?: string }>;

export type ShownState = Readonly<{
  show: (next: Shown) => void;
  close: () => void;
}>;

const isAway: ReadonlySet<CameraState> = new Set(['stalled', 'offline', 'auth-failed']);

export function createShownState(
  tell: (state: CameraState, reason: string | undefined) => void,
  offlineAfterStallMs: number,
): ShownState {
  let shown: Shown | undefined;
  let timer: NodeJS.Timeout | undefined;

  const show = (next: Shown): void => {
    if (next.state === shown?.state && next.reason === shown.reason) return;
    // Another stall of a camera that is known to be away tells nothing new.
    if (next.state === 'stalled' && (shown === undefined || isAway.has(shown.state))) return;
    clearTimeout(timer);
    shown = next;
    tell(next.state, next.reason);
    if (next.state === 'stalled') {
      timer = setTimeout(() => show({ ...next, state: 'offline' }), offlineAfterStallMs);
    }
  };
  return { show, close: () => clearTimeout(timer) };
}
