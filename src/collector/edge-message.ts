/**
 * Reads what came on a topic and judges it: an event, a snapshot, a report, or refused with one sentence.
 * An edge may speak for itself only: the topic and the message have to name the same edge and camera.
 */
import { BlindReport } from '../contract/blind-time.ts';
import { type Checked, createCheck } from '../contract/check.ts';
import { type ClipPiece, decodeClipPiece } from '../contract/clip-message.ts';
import { fromCloudEvent } from '../contract/cloud-event.ts';
import { type Ack, EdgeHealth, EdgeStatus, MissingEvents } from '../contract/edge-report.ts';
import { EventId } from '../contract/id.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import { RuleReplayed } from '../contract/rule-replay.ts';
import { readTopic } from '../contract/topics.ts';

/** Far above what 200 trail points and 20 passes take. */
const largestEventBytes = 256 * 1024;
const largestSnapshotBytes = 2 * 1024 * 1024;
const largestReportBytes = 1024 * 1024;
/**
 * So begin the ids of events that the centre itself makes: a time that no clock shows. They can be foretold, and whoever gave
 * one to an event of its own would keep the centre's from being filed.
 */
export const madeHereBegin = 'f';

export type EdgeMessage =
  | Readonly<{ kind: 'event'; event: RuleEvent }>
  | Readonly<{ kind: 'snapshot'; edgeId: string; eventId: string; jpeg: Uint8Array }>
  | Readonly<{ kind: 'clip'; edgeId: string; piece: ClipPiece }>
  | Readonly<{ kind: 'health'; health: EdgeHealth }>
  | Readonly<{ kind: 'status'; status: EdgeStatus }>
  | Readonly<{ kind: 'missing'; answer: MissingEvents }>
  | Readonly<{ kind: 'blind'; report: BlindReport }>
  | Replayed
  /** A retained message was cleared: nobody says anything. */
  | Readonly<{ kind: 'nothing' }>
  | Refused;

/** Awaited by whoever asked; nothing of it is stored. */
export type Replayed = Readonly<{ kind: 'replayed'; answer: RuleReplayed }>;

/** `settles` is what the edge may let go all the same, so that it does not send it for ever. */
export type Refused = Readonly<{
  kind: 'refused';
  reason: string;
  settles?: Readonly<{ edgeId: string; ack: Ack }>;
}>;

const checkBlind = createCheck(BlindReport);
const checkHealth = createCheck(EdgeHealth);
const checkMissing = createCheck(MissingEvents);
const checkReplayed = createCheck(RuleReplayed);
const checkStatus = createCheck(EdgeStatus);
const checkEventId = createCheck(EventId);

/** Never throws. */
export function readEdgeMessage(topic: string, payload: Uint8Array): EdgeMessage {
  const place = readTopic(topic);
  switch (place?.kind) {
    case 'event':
      return readEvent(place, payload);
    case 'snapshot':
      return readSnapshot(place, payload);
    case 'clip':
      return readClip(place, payload);
    case 'health': {
      if (payload.length === 0) return { kind: 'nothing' };
      const read = readReport(checkHealth, place.edgeId, payload);
      return read.kind === 'refused' ? read : { kind: 'health', health: read.report };
    }
    case 'status': {
      if (payload.length === 0) return { kind: 'nothing' };
      const read = readReport(checkStatus, place.edgeId, payload);
      return read.kind === 'refused' ? read : { kind: 'status', status: read.report };
    }
    case 'missing': {
      const read = readReport(checkMissing, place.edgeId, payload);
      return read.kind === 'refused' ? read : { kind: 'missing', answer: read.report };
    }
    case 'blind': {
      const read = readReport(checkBlind, place.edgeId, payload);
      return read.kind === 'refused' ? read : { kind: 'blind', report: read.report };
    }
    case 'replayed': {
      const read = readReport(checkReplayed, place.edgeId, payload);
      return read.kind === 'refused' ? read : { kind: 'replayed', answer: read.report };
    }
    case 'ack':
    case 'command':
    case 'rules':
    case undefined:
      return { kind: 'refused', reason: 'the topic is none that edges write to' };
    default:
      return place satisfies never;
  }
}

function readEvent(
  place: Readonly<{ edgeId: string; cameraId: string }>,
  payload: Uint8Array,
): EdgeMessage {
  if (payload.length > largestEventBytes)
    return { kind: 'refused', reason: `the event has more than ${largestEventBytes} bytes` };
  const text = new TextDecoder().decode(payload);
  const read = fromCloudEvent(text);
  if (!read.ok) return refusedEvent(place.edgeId, text, read.reason);
  const { edgeId, cameraId, eventId } = read.value;
  if (eventId.startsWith(madeHereBegin))
    return refusedEvent(place.edgeId, text, 'the event has an id that only the centre gives');
  if (edgeId !== place.edgeId)
    return refusedEvent(place.edgeId, text, differs('edge', place.edgeId, edgeId));
  if (cameraId !== place.cameraId)
    return refusedEvent(place.edgeId, text, differs('camera', place.cameraId, cameraId));
  return { kind: 'event', event: read.value };
}

/** If the message names its event, the edge is told that it need not send it again. */
function refusedEvent(edgeId: string, text: string, reason: string): Refused {
  const eventId = checkEventId(fieldOf(parseJson(text), 'id'));
  if (!eventId.ok) return { kind: 'refused', reason };
  const ack = { eventIds: [eventId.value], snapshotIds: [] };
  return { kind: 'refused', reason, settles: { edgeId, ack } };
}

function readSnapshot(
  { edgeId, eventId }: Readonly<{ edgeId: string; eventId: string }>,
  jpeg: Uint8Array,
): EdgeMessage {
  if (!checkEventId(eventId).ok)
    return { kind: 'refused', reason: 'the topic does not end with an event id' };
  const settles = { edgeId, ack: { eventIds: [], snapshotIds: [eventId] } };
  if (jpeg.length > largestSnapshotBytes)
    return { kind: 'refused', reason: 'the snapshot is larger than 2 MB', settles };
  if (!isJpeg(jpeg)) return { kind: 'refused', reason: 'the snapshot is no JPEG', settles };
  return { kind: 'snapshot', edgeId, eventId, jpeg };
}

function readClip(
  { edgeId, clipId }: Readonly<{ edgeId: string; clipId: string }>,
  payload: Uint8Array,
): EdgeMessage {
  const piece = decodeClipPiece(payload);
  if (!piece.ok) return { kind: 'refused', reason: piece.reason };
  if (piece.value.header.clipId !== clipId)
    return { kind: 'refused', reason: differs('clip', clipId, piece.value.header.clipId) };
  return { kind: 'clip', edgeId, piece: piece.value };
}

/** Start of image, and the first byte of the marker that has to follow (ITU-T T.81, B.1.1.3). */
function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

function readReport<Report extends Readonly<{ edgeId: string }>>(
  check: (value: unknown) => Checked<Report>,
  edgeId: string,
  payload: Uint8Array,
): Refused | Readonly<{ kind: 'report'; report: Report }> {
  if (payload.length > largestReportBytes)
    return { kind: 'refused', reason: `the report has more than ${largestReportBytes} bytes` };
  const checked = check(parseJson(new TextDecoder().decode(payload)));
  if (!checked.ok) return { kind: 'refused', reason: checked.reason };
  if (checked.value.edgeId !== edgeId)
    return { kind: 'refused', reason: differs('edge', edgeId, checked.value.edgeId) };
  return { kind: 'report', report: checked.value };
}

function differs(what: string, inTopic: string, inMessage: string): string {
  return `the topic says ${what} ${inTopic}, the message ${inMessage}`;
}

/** Undefined when it is no JSON; the check that follows says so in its sentence. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
