/** MQTT topics under `haoguanjia/v1/<edgeId>/`; ids are checked before they enter a topic. */
import { isId } from './id.ts';

const root = 'haoguanjia/v1';

export type EdgeTopics = Readonly<{
  event: (cameraId: string) => string;
  snapshot: (eventId: string) => string;
  clip: (clipId: string) => string;
  ack: string;
  health: string;
  status: string;
  /** Edge to collector: what it was asked to send again and has not got. */
  missing: string;
  /** Edge to collector: for how long its rules could not have fired. */
  blind: string;
  /** Edge to collector: what a rule would have done. */
  replayed: string;
  rules: (cameraId: string) => string;
  /** All rules of the edge's cameras, for subscribing. */
  allRules: string;
  command: string;
}>;

/** Throws a RangeError on an id that may not enter a topic: such an id is a bug of the caller. */
export function topicsOf(edgeId: string): EdgeTopics {
  const base = `${root}/${safe(edgeId)}`;
  return {
    event: (cameraId) => `${base}/event/${safe(cameraId)}`,
    snapshot: (eventId) => `${base}/snapshot/${eventId}`,
    clip: (clipId) => `${base}/clip/${clipId}`,
    ack: `${base}/ack`,
    health: `${base}/health`,
    status: `${base}/status`,
    missing: `${base}/missing`,
    blind: `${base}/blind`,
    replayed: `${base}/replayed`,
    rules: (cameraId) => `${base}/rules/${safe(cameraId)}`,
    allRules: `${base}/rules/+`,
    command: `${base}/command`,
  };
}

/** Where the collector's optional outputs stand; edges have no business there. */
export const outputTopics = [
  'haoguanjia/onvif-ej/#',
  'haoguanjia/home/#',
  'homeassistant/device/#',
] as const;

/** What an edge may write, and what it may read: nothing of any other edge. */
export const edgeWrites = (edgeId: string): readonly string[] =>
  collectorSubscriptions.map((topic) => topic.replace('+', safe(edgeId)));
export function edgeReads(edgeId: string): readonly string[] {
  const { ack, allRules, command } = topicsOf(edgeId);
  return [ack, allRules, command];
}

/** What the collector subscribes to. */
export const collectorSubscriptions = [
  `${root}/+/event/+`,
  `${root}/+/snapshot/+`,
  `${root}/+/clip/+`,
  `${root}/+/health`,
  `${root}/+/status`,
  `${root}/+/missing`,
  `${root}/+/blind`,
  `${root}/+/replayed`,
] as const;

/**
 * The same for one of several collectors: each event goes to one of them (a shared subscription of MQTT 5, which Mosquitto
 * and EMQX also give to clients of 3.1.1); the rest goes to all, since storing it twice changes nothing.
 */
export const sharedCollectorSubscriptions = collectorSubscriptions.map((topic) =>
  topic.includes('/event/') ? `$share/haoguanjia-collectors/${topic}` : topic,
);

export type IncomingTopic =
  | Readonly<{ kind: 'event'; edgeId: string; cameraId: string }>
  | Readonly<{ kind: 'snapshot'; edgeId: string; eventId: string }>
  | Readonly<{
      kind: 'health' | 'status' | 'missing' | 'blind' | 'replayed' | 'ack' | 'command';
      edgeId: string;
    }>
  | Readonly<{ kind: 'clip'; edgeId: string; clipId: string }>
  | Readonly<{ kind: 'rules'; edgeId: string; cameraId: string }>;

/** Reads a topic; undefined when it is none of ours. */
export function readTopic(topic: string): IncomingTopic | undefined {
  const match = /^haoguanjia\/v1\/([^/]+)\/([a-z]+)(?:\/([^/]+))?$/.exec(topic);
  const [, edgeId, kind, rest] = match ?? [];
  if (edgeId === undefined || !isId(edgeId)) return undefined;
  switch (kind) {
    case 'event':
    case 'rules':
      return rest !== undefined && isId(rest) ? { kind, edgeId, cameraId: rest } : undefined;
    case 'snapshot':
      return rest === undefined ? undefined : { kind, edgeId, eventId: rest };
    case 'clip':
      return rest === undefined ? undefined : { kind, edgeId, clipId: rest };
    case 'health':
    case 'status':
    case 'missing':
    case 'blind':
    case 'replayed':
    case 'ack':
    case 'command':
      return rest === undefined ? { kind, edgeId } : undefined;
    default:
      return undefined;
  }
}

function safe(id: string): string {
  if (!isId(id)) throw new RangeError(`"${id}" may not enter a topic`);
  return id;
}
