/**
 * An operator's voice on its way to a lane: a WebSocket at `/api/cameras/<cameraId>/talk`, or to a speaker or a zone of them
 * at `/api/speakers/<speakerId>/talk`, open while the key is held.
 * The centre says first whether the lane is free (`ready`, with the rate that it wants). From then on the console sends
 * binary messages of 20 ms: four bytes of number (little endian, from 0), then 16-bit samples, little endian, one channel.
 * To let go the console closes the socket, or sends `release` and waits for `ended`.
 */
import { type Static, Type } from 'typebox';
import { Id } from './id.ts';

export const TalkAnswer = Type.Union([
  Type.Object({
    kind: Type.Literal('ready'),
    speakerId: Id,
    sampleRate: Type.Integer(),
    /** Names of a zone's speakers that do not hear it. */
    missing: Type.Optional(Type.Array(Type.String())),
  }),
  /** Somebody else speaks to this lane. */
  Type.Object({ kind: Type.Literal('busy'), by: Type.String() }),
  Type.Object({ kind: Type.Literal('refused'), reason: Type.String() }),
  /** The message with this number has been handed to the speaker: for measuring the way. */
  Type.Object({ kind: Type.Literal('passed-on'), number: Type.Integer() }),
  Type.Object({
    kind: Type.Literal('ended'),
    seconds: Type.Number(),
    reason: Type.Optional(Type.String()),
  }),
]);
export type TalkAnswer = Readonly<Static<typeof TalkAnswer>>;

/** Who speaks to which lane now. */
export const TalkView = Type.Object({
  speakerId: Id,
  by: Type.String(),
  sinceMs: Type.Integer({ minimum: 0 }),
});
export type TalkView = Readonly<Static<typeof TalkView>>;

export const talkNumberBytes = 4;
/** After so many messages the centre says how far it is. */
export const passedOnEvery = 10;
