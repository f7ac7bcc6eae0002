/**
 * Some seconds of a camera's tracks as bytes. A batch stands alone: it begins with its run, its aspect ratio and its labels.
 * Boxes are kept in 8192ths of the picture, each as the difference to the same track's box before; about nine bytes for a
 * sighting. Times are whole milliseconds.
 */
import type { Box } from '../../contract/shape.ts';
import type { StoredFrame, StoredTaker, StoredTrack } from '../scene/replay-rule.ts';
import {
  type ByteReader,
  type ByteWriter,
  createByteReader,
  createByteWriter,
  isAtEnd,
  readByte,
  readFloat,
  readSigned,
  readText,
  readWhole,
} from './byte-codec.ts';

/** `runId` tells the lives of a camera's worker apart: when it began. */
export type BatchHead = Readonly<{ runId: number; aspectRatio: number }>;

const version = 1;
const parts = 8192;
const sides = ['left', 'top', 'right', 'bottom'] as const;

type Corners = readonly [number, number, number, number];
type Known = { corners: Corners; personId: number };
const nowhere: Corners = [0, 0, 0, 0];
/** What was read last of a track; changed in place. */
type KnownNow = { left: number; top: number; right: number; bottom: number; personId: number };
/** Too old to be asked for: read, because what follows builds on it, and told to nobody. */
const nobody: StoredTaker = {
  frame: () => undefined,
  sighting: () => undefined,
  earlier: () => undefined,
};

export function encodeBatch(head: BatchHead, frames: readonly StoredFrame[]): Uint8Array {
  const out = createByteWriter();
  const labels = [...new Set(frames.flatMap(({ tracks }) => tracks.map(({ label }) => label)))];
  const known = new Map<number, Known>();
  let atMs = Math.round(frames[0]?.capturedAtMs ?? 0);
  out.byte(version);
  out.float(head.runId);
  out.float(head.aspectRatio);
  out.float(atMs);
  out.whole(labels.length);
  for (const label of labels) out.text(label);
  for (const { capturedAtMs, tracks } of frames) {
    const nowMs = Math.round(capturedAtMs);
    out.signed(nowMs - atMs);
    out.whole(tracks.length);
    atMs = nowMs;
    let lastId = 0;
    for (const track of tracks) {
      out.signed(track.trackId - lastId);
      lastId = track.trackId;
      writeTrack(out, track, labels.indexOf(track.label), nowMs, known);
    }
  }
  return out.bytes();
}

/** Throws RangeError on bytes that are no batch, or of another version; so does `tellBatch`. */
export function headOf(bytes: Uint8Array): BatchHead {
  return readHead(createByteReader(bytes));
}

function readHead(from: ByteReader): BatchHead {
  if (readByte(from) !== version) throw new RangeError('the batch is of another version');
  return { runId: readFloat(from), aspectRatio: readFloat(from) };
}

/** Tells the frames from `sinceMs` on. No object for a sighting: whole days are gone through. */
export function tellBatch(bytes: Uint8Array, sinceMs: number, taker: StoredTaker): void {
  const from = createByteReader(bytes);
  readHead(from);
  let atMs = readFloat(from);
  const labels = Array.from({ length: readWhole(from) }, () => readText(from));
  const known = new Map<number, KnownNow>();
  while (!isAtEnd(from)) {
    atMs += readSigned(from);
    const isWanted = atMs >= sinceMs;
    let trackId = 0;
    const count = readWhole(from);
    if (isWanted && count > 0) taker.frame(atMs);
    for (let left = count; left > 0; left -= 1) {
      trackId += readSigned(from);
      tellTrack(from, trackId, labels, atMs, known, isWanted ? taker : nobody);
    }
  }
}

/** Label, whether the person is new and whether earlier places follow, in one number. */
function writeTrack(
  out: ByteWriter,
  { trackId, personId, box, confidence, earlier = [] }: StoredTrack,
  label: number,
  nowMs: number,
  known: Map<number, Known>,
): void {
  const before = known.get(trackId);
  const isNewPerson = personId !== (before?.personId ?? trackId);
  out.whole(label * 4 + (isNewPerson ? 2 : 0) + (earlier.length > 0 ? 1 : 0));
  if (isNewPerson) out.signed(personId - trackId);
  out.byte(Math.round(confidence * 255));
  const corners = cornersOf(box);
  writeCorners(out, corners, before?.corners ?? nowhere);
  known.set(trackId, { corners, personId });
  if (earlier.length === 0) return;
  out.whole(earlier.length);
  for (const point of earlier) {
    out.whole(Math.max(0, nowMs - Math.round(point.capturedAtMs)));
    writeCorners(out, cornersOf(point.box), corners);
  }
}

function tellTrack(
  from: ByteReader,
  trackId: number,
  labels: readonly string[],
  atMs: number,
  known: Map<number, KnownNow>,
  taker: StoredTaker,
): void {
  let now = known.get(trackId);
  if (now === undefined) {
    now = { left: 0, top: 0, right: 0, bottom: 0, personId: trackId };
    known.set(trackId, now);
  }
  const flags = readWhole(from);
  if ((flags & 2) === 2) now.personId = trackId + readSigned(from);
  const confidence = readByte(from) / 255;
  const left = readSigned(from);
  const top = readSigned(from);
  now.left += left;
  now.top += top;
  now.right += left + readSigned(from);
  now.bottom += top + readSigned(from);
  taker.sighting(
    trackId,
    now.personId,
    labels[flags >> 2] ?? '',
    confidence,
    now.left / parts,
    now.top / parts,
    now.right / parts,
    now.bottom / parts,
  );
  if ((flags & 1) === 0) return;
  const corners: Corners = [now.left, now.top, now.right, now.bottom];
  taker.earlier(
    Array.from({ length: readWhole(from) }, () => ({
      capturedAtMs: atMs - readWhole(from),
      box: boxOf(readCorners(from, corners)),
    })),
  );
}

function cornersOf(box: Box): Corners {
  const [left, top, right, bottom] = sides.map((side) => Math.round(box[side] * parts));
  return [left ?? 0, top ?? 0, right ?? 0, bottom ?? 0];
}

function boxOf([left, top, right, bottom]: Corners): Box {
  return { left: left / parts, top: top / parts, right: right / parts, bottom: bottom / parts };
}

/** The right side goes with the left one, the lower with the upper: a box that moves keeps its size. */
function writeCorners(out: ByteWriter, corners: Corners, before: Corners): void {
  const left = corners[0] - before[0];
  const top = corners[1] - before[1];
  out.signed(left);
  out.signed(top);
  out.signed(corners[2] - before[2] - left);
  out.signed(corners[3] - before[3] - top);
}

function readCorners(from: ByteReader, before: Corners): Corners {
  const left = readSigned(from);
  const top = readSigned(from);
  const right = readSigned(from);
  const bottom = readSigned(from);
  return [before[0] + left, before[1] + top, before[2] + left + right, before[3] + top + bottom];
}
