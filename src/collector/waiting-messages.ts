/**
 * Messages that wait to be stored. Events: each once, live ones before late ones, in the order of their coming. Of an
 * edge's health only the newest matters. Everything is bounded: what is let go was not acknowledged and comes again.
 */
import type { BlindReport } from '../contract/blind-time.ts';
import type { EdgeHealth, EdgeStatus, MissingEvents } from '../contract/edge-report.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import type { EdgeMessage, Refused, Replayed } from './edge-message.ts';

export type SnapshotMessage = Extract<EdgeMessage, { kind: 'snapshot' }>;
export type ClipMessage = Extract<EdgeMessage, { kind: 'clip' }>;
export type RefusedMessage = Readonly<{ topic: string; payload: Uint8Array; verdict: Refused }>;

/** What is done next: one or a batch of each kind, so that no kind holds up another. */
export type Round = Readonly<{
  events: readonly RuleEvent[];
  statuses: readonly EdgeStatus[];
  healths: readonly EdgeHealth[];
  missing?: MissingEvents;
  blind?: BlindReport;
  snapshot?: SnapshotMessage;
  clip?: ClipMessage;
  refused?: RefusedMessage;
}>;

export type WaitingMessages = Readonly<{
  add: (topic: string, payload: Uint8Array, message: Exclude<EdgeMessage, Replayed>) => void;
  /** Takes the next round out; undefined when nothing waits. */
  next: () => Round | undefined;
}>;

const largestBatch = 500;
const mostEvents = 20_000;
const mostStatuses = 10_000;
const mostSnapshots = 64;
const mostBlindReports = 256;
const mostClipPieces = 64;
const mostRefused = 1000;
/** A hostile or broken edge must not fill the disk with what is kept only to be looked at. */
const keptRefusedBytes = 4096;

export function createWaitingMessages(): WaitingMessages {
  const events = createWaitingEvents();
  const statuses: EdgeStatus[] = [];
  const healths = new Map<string, EdgeHealth>();
  const answers = new Map<string, MissingEvents>();
  const blind = createWaitingBlindTime();
  const snapshots = new Map<string, SnapshotMessage>();
  const clips = new Map<string, ClipMessage>();
  const refused: RefusedMessage[] = [];

  return {
    add: (topic, payload, message) => {
      switch (message.kind) {
        case 'event':
          events.add(message.event);
          break;
        case 'snapshot':
          if (snapshots.size < mostSnapshots) snapshots.set(message.eventId, message);
          break;
        case 'clip':
          if (clips.size < mostClipPieces) clips.set(message.piece.header.clipId, message);
          break;
        case 'health':
          healths.set(message.health.edgeId, message.health);
          break;
        case 'missing':
          answers.set(message.answer.edgeId, message.answer);
          break;
        case 'blind':
          blind.add(message.report);
          break;
        case 'status':
          if (statuses.length < mostStatuses) statuses.push(message.status);
          break;
        case 'refused':
          if (refused.length < mostRefused) refused.push(cutShort(topic, payload, message));
          break;
        case 'nothing':
          break;
        default:
          message satisfies never;
      }
    },
    next: () => {
      const reports = { statuses: statuses.splice(0), healths: takeAll(healths) };
      const round: Round = {
        ...{ events: events.next(largestBatch), ...reports },
        ...given('missing', shift(answers)),
        ...given('blind', blind.next()),
        ...given('snapshot', shift(snapshots)),
        ...given('clip', shift(clips)),
        ...given('refused', refused.shift()),
      };
      return isEmpty(round) ? undefined : round;
    },
  };
}

function given<Name extends keyof Round>(
  name: Name,
  value: Round[Name] | undefined,
): Partial<Pick<Round, Name>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Pick<Round, Name>>);
}

function isEmpty({ events, statuses, healths, ...others }: Round): boolean {
  const lists = [events, statuses, healths];
  return lists.every(({ length }) => length === 0) && Object.keys(others).length === 0;
}

/** Sums of a report that comes later take the place of earlier ones, so they may be written one after the other. */
function createWaitingBlindTime() {
  const reports: BlindReport[] = [];
  return {
    add: (report: BlindReport): void => {
      if (reports.length < mostBlindReports) reports.push(report);
    },
    next: (): BlindReport | undefined => reports.shift(),
  };
}

function createWaitingEvents() {
  const live = new Map<string, RuleEvent>();
  const late = new Map<string, RuleEvent>();
  return {
    add: (event: RuleEvent): void => {
      // An edge that lost patience sends an event again while its first copy still waits.
      if (live.has(event.eventId) || late.has(event.eventId)) return;
      if (live.size + late.size >= mostEvents && (event.historical || shift(late) === undefined))
        return;
      (event.historical ? late : live).set(event.eventId, event);
    },
    next: (limit: number): readonly RuleEvent[] => {
      const taken: RuleEvent[] = [];
      for (const lane of [live, late]) {
        while (taken.length < limit) {
          const event = shift(lane);
          if (event === undefined) break;
          taken.push(event);
        }
      }
      return taken;
    },
  };
}

function cutShort(topic: string, payload: Uint8Array, verdict: Refused): RefusedMessage {
  return { topic, payload: payload.slice(0, keptRefusedBytes), verdict };
}

function takeAll<Value>(map: Map<string, Value>): readonly Value[] {
  const values = [...map.values()];
  map.clear();
  return values;
}

/** Takes the oldest out of the map. */
function shift<Value>(map: Map<string, Value>): Value | undefined {
  for (const [key, value] of map) {
    map.delete(key);
    return value;
  }
  return undefined;
}
