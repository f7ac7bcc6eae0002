/** Builders of rule events for tests. */
import type { EventDraft, RuleEvent } from '../contract/rule-event.ts';

type CrossingDraft = Extract<EventDraft, { kind: 'tripwire-crossed' }>;

/** A person crossing the wire `gate` of camera `cam-1`, changed by what the test cares for. */
export function crossingDraft(changes: Partial<CrossingDraft> = {}): CrossingDraft {
  return {
    kind: 'tripwire-crossed',
    cameraId: 'cam-1',
    ruleId: 'gate',
    ruleVersion: 1,
    modelVersion: 'test-model',
    capturedAtMs: 1_800_000_000_000,
    mediaTimeMs: 5000,
    trackId: 7,
    personId: 7,
    label: 'person',
    confidence: 0.8,
    box: { left: 0.4, top: 0.3, right: 0.5, bottom: 0.6 },
    footPoint: [0.45, 0.6],
    trail: [
      [0.4, 0.6],
      [0.45, 0.6],
    ],
    direction: 'a-to-b',
    ...changes,
  };
}

/** The same as it leaves an outbox; ids count up from `sequence`. */
export function crossingEvent(
  sequence: number,
  changes: Partial<CrossingDraft> & { edgeId?: string; historical?: boolean } = {},
): Extract<RuleEvent, { kind: 'tripwire-crossed' }> {
  const { edgeId = 'edge-1', historical = false, ...draft } = changes;
  return {
    ...crossingDraft(draft),
    schemaVersion: 1,
    eventId: `01890000-0000-7000-8000-${sequence.toString(16).padStart(12, '0')}`,
    edgeId,
    sequence,
    historical,
  };
}
