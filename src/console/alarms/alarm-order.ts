/** The order of the alarm list. Pure: those that call come first, then severity, then the newest. */
import type { AlarmView } from '../../contract/console-api.ts';

const stateRank = { raised: 0, acknowledged: 1, closed: 2 } as const;
const severityRank = { emergency: 0, warning: 1, information: 2 } as const;

export function inListOrder(alarms: readonly AlarmView[]): readonly AlarmView[] {
  return [...alarms].sort(
    (a, b) =>
      stateRank[a.state] - stateRank[b.state] ||
      Number(a.late) - Number(b.late) ||
      severityRank[a.severity] - severityRank[b.severity] ||
      b.raisedAtMs - a.raisedAtMs,
  );
}
