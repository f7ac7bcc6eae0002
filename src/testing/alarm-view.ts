/** Builds alarms as the collector shows them, for tests; every field can be given. */
import type { AlarmView } from '../contract/console-api.ts';
import type { RuleEvent } from '../contract/rule-event.ts';

/** A person who crossed a wire from A to B. */
export const crossing: Extract<RuleEvent, { kind: 'tripwire-crossed' }> = {
  kind: 'tripwire-crossed',
  direction: 'a-to-b',
  schemaVersion: 1,
  eventId: '01890a5d-ac96-774b-bcce-b302099a8057',
  edgeId: 'edge-1',
  sequence: 1,
  cameraId: 'lane-east',
  capturedAtMs: 1_700_000_000_000,
  mediaTimeMs: 1_000,
  historical: false,
  ruleId: 'tripwire-1',
  ruleVersion: 1,
  modelVersion: 'nanodet',
  trackId: 4,
  personId: 4,
  label: 'person',
  confidence: 0.9,
  box: { left: 0.4, top: 0.3, right: 0.5, bottom: 0.6 },
  footPoint: [0.45, 0.6],
  trail: [
    [0.3, 0.6],
    [0.45, 0.6],
  ],
};

export function alarmView(given: Partial<AlarmView> = {}): AlarmView {
  return {
    alarmId: 'alarm-1',
    state: 'raised',
    severity: 'warning',
    edgeId: 'edge-1',
    cameraId: 'lane-east',
    cameraName: '东巷口',
    ruleName: '巷口西侧',
    raisedAtMs: 1_700_000_000_300,
    event: crossing,
    repeats: 0,
    late: false,
    hasSnapshot: false,
    ...given,
  };
}
