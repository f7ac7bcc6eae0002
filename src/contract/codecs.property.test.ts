/** Properties of what crosses the wire: it comes out as it went in, and bytes that are nothing are refused, never thrown at. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClipPiece, decodeClipPiece, encodeClipPiece } from './clip-message.ts';
import { fromCloudEvent, toCloudEvent } from './cloud-event.ts';
import type { RuleEvent } from './rule-event.ts';
import { edgeReads, edgeWrites, readTopic, topicsOf } from './topics.ts';

const id = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
const eventId = fc.uuid({ version: 7 });
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter(({ length }) => length <= 40);
/** Without -0, which JSON does not know. */
const number = (limits: Readonly<{ min: number; max: number }>) =>
  fc.double({ ...limits, noNaN: true }).map((value) => value + 0);
const share = number({ min: 0, max: 1 });
const point = fc.tuple(share, share);
const atMs = fc.nat(Number.MAX_SAFE_INTEGER).filter((ms) => ms <= 8_640_000_000_000_000);
const box = fc.record({ left: share, top: share, right: share, bottom: share });

const everyEvent = {
  schemaVersion: fc.constant(1 as const),
  eventId,
  edgeId: id,
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  cameraId: id,
  capturedAtMs: atMs,
  mediaTimeMs: number({ min: 0, max: 1e15 }),
  historical: fc.boolean(),
};
const everySighting = {
  ...everyEvent,
  ruleId: id,
  ruleVersion: fc.nat(),
  modelVersion: text,
  trackId: fc.nat(),
  personId: fc.nat(),
  label: text,
  confidence: share,
  box,
  footPoint: point,
  trail: fc.array(point, { maxLength: 20 }),
};
const event: fc.Arbitrary<RuleEvent> = fc.oneof(
  fc.record({
    ...everySighting,
    kind: fc.constant('tripwire-crossed' as const),
    direction: fc.constantFrom('a-to-b', 'b-to-a'),
  }),
  fc.record({
    ...everySighting,
    kind: fc.constant('zone-left' as const),
    staySeconds: number({ min: 0, max: 1e6 }),
  }),
  fc.record({
    ...everySighting,
    kind: fc.constant('crowd-gathered' as const),
    count: fc.integer({ min: 1 }),
  }),
  fc.record({ ...everyEvent, kind: fc.constant('camera-offline' as const), reason: text }),
);

describe('an event', () => {
  test('comes out of its envelope as it went in, whatever its words are', () => {
    fc.assert(
      fc.property(event, (given) => {
        expect(fromCloudEvent(toCloudEvent(given))).toEqual({ ok: true, value: given });
      }),
    );
  });

  test('of whatever text is read or refused with a reason', () => {
    const nearly = event.chain((given) =>
      fc.tuple(fc.constant(toCloudEvent(given)), fc.nat(), fc.string({ maxLength: 5 })),
    );
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      nearly.map(([whole, at, put]) => {
        const place = at % whole.length;
        return whole.slice(0, place) + put + whole.slice(place + 1);
      }),
    );
    fc.assert(
      fc.property(texts, (message) => {
        const read = fromCloudEvent(message);
        if (!read.ok) expect(read.reason.length).toBeGreaterThan(5);
        else expect(fromCloudEvent(toCloudEvent(read.value))).toEqual(read);
      }),
      { numRuns: 500 },
    );
  });
});

const piece: fc.Arbitrary<ClipPiece> = fc
  .record({
    clipId: eventId,
    cameraId: id,
    eventIds: fc.array(eventId, { minLength: 1, maxLength: 50 }),
    startedAtMs: fc.nat(),
    durationMs: fc.nat(),
    sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    offset: fc.nat(100_000),
    more: fc.nat(1000),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  })
  .map(({ bytes, more, ...facts }) => ({
    header: { ...facts, bytes: facts.offset + bytes.length + more },
    bytes,
  }));

describe('a piece of a clip', () => {
  test('comes out of its message as it went in, also from the middle of a buffer', () => {
    fc.assert(
      fc.property(piece, fc.nat(9), (given, before) => {
        const message = encodeClipPiece(given);
        const buffer = new Uint8Array(before + message.length);
        buffer.set(message, before);
        expect(decodeClipPiece(buffer.subarray(before))).toEqual({ ok: true, value: given });
      }),
    );
  });

  test('of whatever bytes is read or refused, and never reaches beyond its clip', () => {
    const damaged = fc
      .tuple(piece, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
      .map(([given, changes, length]) => {
        const message = encodeClipPiece(given);
        for (const [at, value] of changes) message[at % message.length] = value;
        return length % 3 === 0 ? message.subarray(0, length % message.length) : message;
      });
    const tooLong = piece.map(({ header, bytes }) =>
      encodeClipPiece({ header: { ...header, bytes: Math.max(1, header.offset) }, bytes }),
    );
    const nothing = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(fc.oneof(nothing, damaged, tooLong), (message) => {
        const read = decodeClipPiece(message);
        if (!read.ok) {
          expect(read.reason).not.toBe('');
          return;
        }
        const { header, bytes } = read.value;
        expect(header.offset + bytes.length).toBeLessThanOrEqual(header.bytes);
        expect(header.clipId).toMatch(/^[0-9a-f-]{36}$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a topic', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(id, id, eventId, (edgeId, cameraId, eventOrClip) => {
        const topics = topicsOf(edgeId);
        const read = (topic: string) => readTopic(topic);
        expect(read(topics.event(cameraId))).toEqual({ kind: 'event', edgeId, cameraId });
        expect(read(topics.rules(cameraId))).toEqual({ kind: 'rules', edgeId, cameraId });
        const eventTopic = { kind: 'snapshot', edgeId, eventId: eventOrClip };
        expect(read(topics.snapshot(eventOrClip))).toEqual(eventTopic);
        const clipTopic = { kind: 'clip', edgeId, clipId: eventOrClip };
        expect(read(topics.clip(eventOrClip))).toEqual(clipTopic);
        for (const kind of ['health', 'status', 'missing', 'blind', 'ack', 'command'] as const)
          expect(read(topics[kind])).toEqual({ kind, edgeId });
      }),
    );
  });

  test('names an edge by an id, or is none of ours', () => {
    const parts = fc.constantFrom('haoguanjia', 'v1', 'event', 'ack', '+', '#', '', '..', '$share');
    const topic = fc.array(fc.oneof(parts, id, fc.string()), { maxLength: 6 });
    fc.assert(
      fc.property(topic, (levels) => {
        const read = readTopic(levels.join('/'));
        if (read !== undefined) expect(read.edgeId).toMatch(/^[a-z0-9-]{1,32}$/);
      }),
    );
  });

  test("of an edge is never another edge's, and no id can widen what it may write or read", () => {
    fc.assert(
      fc.property(id, (edgeId) => {
        for (const may of [...edgeWrites(edgeId), ...edgeReads(edgeId)])
          expect(may.split('/')[2]).toBe(edgeId);
      }),
    );
    const hostile = fc.oneof(fc.constantFrom('#', '+', 'a/b', '', 'A', 'a\n'), fc.string());
    fc.assert(
      fc.property(hostile, (edgeId) => {
        fc.pre(!/^[a-z0-9-]{1,32}$/.test(edgeId) || edgeId.endsWith('\n'));
        expect(() => topicsOf(edgeId)).toThrow(RangeError);
        expect(() => edgeWrites(edgeId)).toThrow(RangeError);
      }),
    );
  });
});
