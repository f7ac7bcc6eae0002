/**
 * Live pictures travel edge -> collector -> browser over WebSockets. The edge dials out to
 * `/edge/live/<cameraId>` with its ticket as `Authorization: Bearer`; browsers open `/api/cameras/<cameraId>/live`.
 * Both carry the same messages: one text message (`LiveHeader`), then binary messages.
 * fmp4: each binary message is one byte of kind (0 initialization segment, 1 fragment that starts with a key frame,
 * 2 other fragment) and the bytes. mpeg1: bare MPEG-TS bytes for JSMpeg, no kind byte.
 */
import { type Static, Type } from 'typebox';

export const LiveHeader = Type.Union([
  Type.Object({ format: Type.Literal('fmp4'), mime: Type.String() }),
  Type.Object({ format: Type.Literal('mpeg1') }),
]);
export type LiveHeader = Readonly<Static<typeof LiveHeader>>;

export const fragmentKind = { initialization: 0, keyFrame: 1, other: 2 } as const;

export const edgeLivePath = (cameraId: string): string => `/edge/live/${cameraId}`;
