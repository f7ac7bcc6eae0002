/**
 * An event's video clip on its way to the centre: MP4 in pieces, each with a header that says all about the whole, so that
 * the receiver needs no memory. A piece is: length of the header (2 bytes, big-endian), header as JSON, bytes of the clip.
 * The receiver answers how many bytes it has; the sender goes on from there.
 */
import { type Static, Type } from 'typebox';
import { type Checked, createCheck } from './check.ts';
import { EventId, Id } from './id.ts';

const largestClipBytes = 128 * 1024 ** 2;
export const largestPieceBytes = 256 * 1024;

export const ClipFacts = Type.Object({
  clipId: EventId,
  cameraId: Id,
  /** Events that the clip shows; several when they followed closely. */
  eventIds: Type.Array(EventId, { minItems: 1, maxItems: 50 }),
  startedAtMs: Type.Integer({ minimum: 0 }),
  durationMs: Type.Integer({ minimum: 0 }),
  bytes: Type.Integer({ minimum: 1, maximum: largestClipBytes }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});
export type ClipFacts = Readonly<Static<typeof ClipFacts>>;

const ClipHeader = Type.Object({
  ...ClipFacts.properties,
  /** Where in the clip the bytes of this piece belong. */
  offset: Type.Integer({ minimum: 0, maximum: largestClipBytes }),
});
export type ClipHeader = Readonly<Static<typeof ClipHeader>>;

export type ClipPiece = Readonly<{ header: ClipHeader; bytes: Uint8Array }>;

const checkHeader = createCheck(ClipHeader);

export function encodeClipPiece({ header, bytes }: ClipPiece): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const message = new Uint8Array(2 + text.length + bytes.length);
  new DataView(message.buffer).setUint16(0, text.length);
  message.set(text, 2);
  message.set(bytes, 2 + text.length);
  return message;
}

/** A fault is an answer, not an exception. */
export function decodeClipPiece(message: Uint8Array): Checked<ClipPiece> {
  if (message.length < 2) return refused('the piece has no header');
  const length = new DataView(message.buffer, message.byteOffset).getUint16(0);
  if (message.length < 2 + length) return refused('the piece is shorter than its header says');
  const header = checkHeader(parsed(message.subarray(2, 2 + length)));
  if (!header.ok) return header;
  const bytes = message.subarray(2 + length);
  if (bytes.length > largestPieceBytes) return refused('the piece is larger than 256 KiB');
  if (header.value.offset + bytes.length > header.value.bytes)
    return refused('the piece goes beyond the end of its clip');
  return { ok: true, value: { header: header.value, bytes } };
}

function refused(reason: string): Checked<ClipPiece> {
  return { ok: false, path: '', reason };
}

function parsed(text: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return undefined;
  }
}
