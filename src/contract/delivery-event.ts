/** Events about the way of events to the centre: what was dropped, lost, damaged or numbered twice. No rule made them. */
import { type Static, Type } from 'typebox';
import { everyEvent, reasoned } from './event-fields.ts';

/** What a box with a full store lets go, the first first. `notice` are events that call nobody. */
export const DropClass = Type.Union([
  Type.Literal('clip'),
  Type.Literal('snapshot'),
  Type.Literal('notice'),
  Type.Literal('alarm'),
]);
export type DropClass = Static<typeof DropClass>;

/** An edge without room let something of the camera go; the sequences bound what was dropped and may hold others too. */
export const EventsDropped = Type.Object({
  kind: Type.Literal('events-dropped'),
  ...everyEvent,
  dropClass: DropClass,
  count: Type.Integer({ minimum: 1 }),
  /** Absent when what was dropped had no number yet. */
  firstSequence: Type.Optional(Type.Integer({ minimum: 1 })),
  lastSequence: Type.Optional(Type.Integer({ minimum: 1 })),
});

const everyCount = {
  count: Type.Integer({ minimum: 1 }),
  firstSequence: Type.Integer({ minimum: 1 }),
  lastSequence: Type.Integer({ minimum: 1 }),
};

/**
 * Made by the collector about an edge, whose id stands in place of a camera's: events with these numbers never came and
 * the edge has not got them any more.
 */
export const EventsLost = Type.Object({
  kind: Type.Literal('events-lost'),
  ...everyEvent,
  ...everyCount,
});

/**
 * An edge found its outbox damaged when it started, and carried over what could be read; its id stands in place of a
 * camera's. What did not come of the numbers up to the last the collector tells as lost; the edge itself does when nothing
 * of it had ever come.
 */
export const OutboxDamaged = Type.Object({
  ...reasoned('outbox-damaged').properties,
  /** Events that still waited, and could be read. */
  kept: Type.Integer({ minimum: 0 }),
  lastSequence: Type.Integer({ minimum: 0 }),
  /** So many at most are gone; only when nothing had been delivered before. */
  missing: Type.Optional(Type.Integer({ minimum: 1 })),
});

/** Made by the collector: an edge gave numbers a second time, as one does whose disk was put back to an older copy. All are kept. */
export const SequenceRepeated = Type.Object({
  kind: Type.Literal('sequence-repeated'),
  ...everyEvent,
  ...everyCount,
});

const kinds: readonly string[] = [EventsDropped, EventsLost, OutboxDamaged, SequenceRepeated].map(
  ({ properties }) => properties.kind.const,
);

/** There is no picture of it. */
export function isAboutDelivery({ kind }: Readonly<{ kind: string }>): boolean {
  return kinds.includes(kind);
}
