/**
 * What is known of a speaker's health, from its probes and announcements. Pure: times come from the caller.
 * `proven` is what an answer proves: the device itself said something, or somebody confirmed to have heard it. Paging by
 * RTP never answers, so only people prove it.
 */
import type { SpeakerState } from '../../contract/console-api.ts';
import type { Outcome, Probe } from './speaker.ts';

export type SpeakerHealth = Readonly<{
  state: SpeakerState;
  reason?: string;
  stateSinceMs: number;
  /** When this speaker was first looked at; a day later it must have proven itself. */
  knownSinceMs: number;
  provenAtMs?: number;
}>;

const provesItselfWithinMs = 24 * 60 * 60 * 1000;

export function newHealth(nowMs: number): SpeakerHealth {
  return { state: 'unknown', stateSinceMs: nowMs, knownSinceMs: nowMs };
}

export function afterResult(
  health: SpeakerHealth,
  result: Probe | Outcome,
  nowMs: number,
): SpeakerHealth {
  switch (result.kind) {
    case 'ready':
    case 'answered':
    case 'played':
      return { ...inState(health, 'ready', undefined, nowMs), provenAtMs: nowMs };
    case 'unproven':
    case 'sent':
      return inState(health, 'unproven', undefined, nowMs);
    case 'unreachable':
    case 'refused':
      return inState(health, result.kind, result.reason, nowMs);
    case 'busy':
      // It said so itself.
      return { ...inState(health, 'ready', undefined, nowMs), provenAtMs: nowMs };
    case 'failed':
    case 'stopped':
      return health;
    default:
      return result satisfies never;
  }
}

/** Somebody stood beside it. */
export function afterHeard(health: SpeakerHealth, nowMs: number): SpeakerHealth {
  return { ...health, provenAtMs: nowMs };
}

/** It has not proven itself for a day. */
export function isOverdue({ provenAtMs, knownSinceMs }: SpeakerHealth, nowMs: number): boolean {
  return nowMs - (provenAtMs ?? knownSinceMs) > provesItselfWithinMs;
}

function inState(
  { reason: _, ...health }: SpeakerHealth,
  state: SpeakerState,
  reason: string | undefined,
  nowMs: number,
): SpeakerHealth {
  return {
    ...health,
    state,
    stateSinceMs: state === health.state ? health.stateSinceMs : nowMs,
    ...(reason === undefined ? {} : { reason }),
  };
}
