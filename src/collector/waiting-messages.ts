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
/** Of one edge: a few times what it has on its way, so that a flood takes nobody else's place, and no memory either. */
const mostOfEdge = 1000;
const mostBytesOfEdge = 16 * 1024 ** 2;
const mostPicturesOfEdge = 8;
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
  const snapshots = createWaitingPictures<SnapshotMessage>(mostSnapshots);
  const clips = createWaitingPictures<ClipMessage>(mostClipPieces);
  const refused: RefusedMessage[] = [];

  return {
    add: (topic, payload, message) => {
      switch (message.kind) {
        case 'event':
          events.add(message.event, payload.length);
          break;
        case 'snapshot':
          snapshots.add(message.eventId, message);
          break;
        case 'clip':
          clips.add(message.piece.header.clipId, message);
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
        ...given('snapshot', snapshots.next()),
        ...given('clip', clips.next()),
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

/** Of each event or clip the newest; each edge has some places and no more. */
function createWaitingPictures<Message extends Readonly<{ edgeId: string }>>(most: number) {
  const messages = new Map<string, Message>();
  return {
    add: (id: string, message: Message): void => {
      const ofEdge = [...messages.values()].filter(({ edgeId }) => edgeId === message.edgeId);
      if (messages.size < most && ofEdge.length < mostPicturesOfEdge) messages.set(id, message);
    },
    next: (): Message | undefined => shift(messages),
  };
}

function createWaitingEvents() {
  const live = createLane();
  const late = createLane();
  return {
    add: (event: RuleEvent, bytes: number): void => {
      const { eventId, historical } = event;
      const lane = historical ? late : live;
      // An edge that lost patience sends an event again while its first copy still waits.
      if (live.has(eventId) || late.has(eventId) || !lane.hasRoom(event, bytes)) return;
      if (live.size() + late.size() >= mostEvents && (historical || late.take() === undefined))
        return;
      lane.add(event, bytes);
    },
    next: (limit: number): readonly RuleEvent[] => {
      const taken: RuleEvent[] = [];
      for (const lane of [live, late]) {
        while (taken.length < limit) {
          const event = lane.take();
          if (event === undefined) break;
          taken.push(event);
        }
      }
      return taken;
    },
  };
}

/** In the order of their coming; each edge has its share, so that its backlog takes no place of its live events either. */
function createLane() {
  const events = new Map<string, Readonly<{ event: RuleEvent; bytes: number }>>();
  const shares = createShares();
  return {
    has: (eventId: string): boolean => events.has(eventId),
    size: (): number => events.size,
    hasRoom: ({ edgeId }: RuleEvent, bytes: number): boolean => shares.hasRoom(edgeId, bytes),
    add: (event: RuleEvent, bytes: number): void => {
      shares.enter(event.edgeId, bytes);
      events.set(event.eventId, { event, bytes });
    },
    take: (): RuleEvent | undefined => {
      const one = shift(events);
      if (one !== undefined) shares.leave(one.event.edgeId, one.bytes);
      return one?.event;
    },
  };
}

/** How much of each edge waits. */
function createShares() {
  const shares = new Map<string, Readonly<{ count: number; bytes: number }>>();
  const of = (edgeId: string) => shares.get(edgeId) ?? { count: 0, bytes: 0 };
  return {
    hasRoom: (edgeId: string, bytes: number): boolean =>
      of(edgeId).count < mostOfEdge && of(edgeId).bytes + bytes <= mostBytesOfEdge,
    enter: (edgeId: string, bytes: number): void => {
      const { count, bytes: before } = of(edgeId);
      shares.set(edgeId, { count: count + 1, bytes: before + bytes });
    },
    leave: (edgeId: string, bytes: number): void => {
      const { count, bytes: before } = of(edgeId);
      if (count <= 1) shares.delete(edgeId);
      else shares.set(edgeId, { count: count - 1, bytes: before - bytes });
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
