/** Which of a camera's open alarms the map shows: one that nobody has taken before one in hand, then the most severe. Pure. */
import type { AlarmView } from '../../contract/console-api.ts';

const severities = ['information', 'warning', 'emergency'] as const;

export function worstAlarm(alarms: readonly AlarmView[], cameraId: string): AlarmView | undefined {
  return alarms
    .filter((one) => one.cameraId === cameraId && one.state !== 'closed')
    .toSorted((a, b) => weightOf(b) - weightOf(a))[0];
}

function weightOf({ state, severity }: AlarmView): number {
  return (state === 'raised' ? 10 : 0) + severities.indexOf(severity);
}
