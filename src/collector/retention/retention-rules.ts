/**
 * How long what is kept: a profile of the law that the centre stands under, changed by the operator of the centre where the
 * law lets him, for all cameras or for one. Pure: given the rules, an item and the time, it says whether the item may go.
 */
import type { RetentionConfig } from './retention-config.ts';

export type DataClass = 'events' | 'snapshots' | 'clips' | 'quarantine' | 'feed' | 'sessions';
/** What belongs to a camera and shows people. */
type RecordingClass = 'events' | 'snapshots' | 'clips';
export const recordingClasses = ['snapshots', 'clips', 'events'] as const;

type RetentionProfile = 'cn' | 'cn-key' | 'eu';
type Days = Readonly<Record<DataClass, number>>;

export type RetentionRules = Readonly<{
  profile: RetentionProfile;
  days: Days;
  /** Of what belongs to no class above. */
  others: Readonly<{ register: number; blindTime: number }>;
  /** Of cameras that differ. */
  cameras: ReadonlyMap<string, Readonly<Record<RecordingClass, number>>>;
}>;

export type StoredItem = Readonly<{
  dataClass: DataClass;
  id: string;
  /** Absent where nothing names a camera. */
  cameraId?: string;
  storedAtMs: number;
  held: boolean;
}>;

export const dayMs = 24 * 3600 * 1000;

type Profile = Readonly<{ usual: number; least: number; feed: number }>;
const profiles: Readonly<Record<RetentionProfile, Profile>> = {
  cn: { usual: 30, least: 30, feed: 7 },
  'cn-key': { usual: 90, least: 90, feed: 7 },
  eu: { usual: 3, least: 0, feed: 3 },
};
/** Three years, as records of the processing of personal data are kept. */
const usualRegisterDays = 3 * 365;
const usualBlindDays = 365;
const keys = { events: 'eventDays', snapshots: 'snapshotDays', clips: 'clipDays' } as const;

export function toRetentionRules(config: RetentionConfig = {}): RetentionRules {
  const { profile = 'cn' } = config;
  const { usual, feed } = profiles[profile];
  const recordings = {
    events: config.eventDays ?? Math.max(usual, config.snapshotDays ?? 0, config.clipDays ?? 0),
    snapshots: config.snapshotDays ?? usual,
    clips: config.clipDays ?? usual,
  };
  const cameras = Object.entries(config.cameras ?? {}).map(([cameraId, own]) => {
    const { snapshotDays = recordings.snapshots, clipDays = recordings.clips } = own;
    const events = own.eventDays ?? Math.max(recordings.events, snapshotDays, clipDays);
    return [cameraId, { events, snapshots: snapshotDays, clips: clipDays }] as const;
  });
  return {
    profile,
    days: {
      ...recordings,
      quarantine: config.quarantineDays ?? usual,
      feed: config.feedDays ?? feed,
      sessions: config.sessionDays ?? 1,
    },
    others: {
      register: config.registerDays ?? usualRegisterDays,
      blindTime: config.blindDays ?? usualBlindDays,
    },
    cameras: new Map(cameras),
  };
}

/** What is wrong with it, and where; undefined when nothing is. */
export function retentionFault(
  config: RetentionConfig,
): Readonly<{ place: string; reason: string }> | undefined {
  const rules = toRetentionRules(config);
  const { usual, least } = profiles[rules.profile];
  const places = [
    ['retention', rules.days] as const,
    ...[...rules.cameras].map(([id, days]) => [`retention/cameras/${id}`, days] as const),
  ];
  for (const [place, days] of places) {
    for (const dataClass of recordingClasses) {
      const kept = days[dataClass];
      const key = `${place}/${keys[dataClass]}`;
      if (kept < least)
        return {
          place: key,
          reason: `${kept} days are too few, the profile "${rules.profile}" asks for at least ${least}; raise it or choose another profile`,
        };
      if (rules.profile === 'eu' && kept > usual && config.reason === undefined)
        return {
          place: key,
          reason: `more than ${usual} days need a "reason" beside the profile "eu"; write one or lower it`,
        };
      if (kept > days.events)
        return {
          place: `${place}/eventDays`,
          reason: `an event cannot go before its ${dataClass}, which are kept for ${kept} days; raise it`,
        };
    }
  }
  return undefined;
}

/** For how long the item is kept; what names no camera is kept as long as any camera's. */
export function keptDays(
  rules: RetentionRules,
  { dataClass, cameraId }: Pick<StoredItem, 'dataClass' | 'cameraId'>,
): number {
  if (dataClass === 'quarantine' || dataClass === 'feed' || dataClass === 'sessions')
    return rules.days[dataClass];
  if (cameraId !== undefined) return (rules.cameras.get(cameraId) ?? rules.days)[dataClass];
  return Math.max(
    rules.days[dataClass],
    ...[...rules.cameras.values()].map((days) => days[dataClass]),
  );
}

export function mayGo(rules: RetentionRules, item: StoredItem, nowMs: number): boolean {
  return !item.held && nowMs - item.storedAtMs > keptDays(rules, item) * dayMs;
}

/** Which cameras have a limit in common. */
export type CameraGroup =
  | Readonly<{ kind: 'these'; cameraIds: readonly string[]; days: number }>
  | Readonly<{ kind: 'all-but'; cameraIds: readonly string[]; days: number }>
  /** Of no camera that is known: a snapshot whose event never came. */
  | Readonly<{ kind: 'nobody'; cameraIds: readonly string[]; days: number }>;

const mostInGroup = 500;

export function groupsOf(rules: RetentionRules, dataClass: DataClass): readonly CameraGroup[] {
  const base = rules.days[dataClass];
  if (dataClass === 'quarantine' || dataClass === 'feed' || dataClass === 'sessions')
    return [{ kind: 'all-but', cameraIds: [], days: base }];
  const byDays = new Map<number, string[]>();
  for (const [cameraId, days] of rules.cameras) {
    const own = days[dataClass];
    byDays.set(own, [...(byDays.get(own) ?? []), cameraId]);
  }
  const groups: CameraGroup[] = [
    { kind: 'all-but', cameraIds: [...rules.cameras.keys()], days: base },
  ];
  for (const [days, cameraIds] of byDays) {
    for (let from = 0; from < cameraIds.length; from += mostInGroup)
      groups.push({ kind: 'these', cameraIds: cameraIds.slice(from, from + mostInGroup), days });
  }
  // Its own limit is another: were it looked for among those of the others, it could hold them up.
  if (dataClass === 'snapshots')
    groups.push({ kind: 'nobody', cameraIds: [], days: keptDays(rules, { dataClass }) });
  return groups;
}
