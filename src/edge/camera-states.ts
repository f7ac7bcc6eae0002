/**
 * What is known of each camera of the box, and when the centre has to hear that one went dark or came back.
 * Short hiccups are not events: a camera is told offline once, when it has been away for `offlineAfterMs`. A stall has
 * been seconds without a picture when it is told; within ten of the last picture the centre knows.
 */

import type { OfflineCause } from '../contract/camera-fault.ts';
import {
  type CameraHealth,
  type CameraState,
  givesPictures,
  type RulesReport,
} from '../contract/edge-report.ts';
import { because } from '../contract/reason.ts';
import type { EventDraft } from '../contract/rule-event.ts';
import { createRateWatch, type RateWatch, type RuleNeeds } from './rate-watch.ts';
import type { CameraLoad } from './status/box-report.ts';

const offlineAfterMs = 5000;
const offlineAfterStallMs = 2000;
/** Connecting, signing in and the wait for a key frame take their time when a whole box starts. */
const firstPictureMs = 10_000;
/** A worker tells each second what it does; what was told longer ago than this does not hold any more. */
const toldHoldsMs = 5000;

type Entry = {
  name: string;
  state: CameraState;
  reason?: string;
  warnings?: string[];
  stateSinceMs: number;
  /** By the counting clock, as the two moments below: the wall clock may be set meanwhile. */
  darkSinceMs: number | undefined;
  toldOffline: boolean;
  /** Pictures have come since the box started. */
  wasSeen: boolean;
  analysedPerSecond: number;
  newestPictureMs?: number;
  pulsedMs?: number;
  width?: number;
  height?: number;
  mediaTimeMs: number;
  rates: RateWatch;
  pictureFault?: 'tampered' | 'suspended' | undefined;
  load?: CameraLoad;
};

export type CameraStates = Readonly<{
  changed: (cameraId: string, state: CameraState, reason: string | undefined, atMs: number) => void;
  /** Every sentence that holds now. */
  warned: (cameraId: string, sentences: readonly string[]) => void;
  /** What is wrong with its picture itself. */
  pictureFault: (cameraId: string) => 'tampered' | 'suspended' | undefined;
  /** Whether it gives pictures now. */
  isSeen: (cameraId: string) => boolean;
  /** Why the camera refuses this box's credentials; undefined while it does not. */
  refusal: (cameraId: string) => string | undefined;
  pulse: (
    cameraId: string,
    facts: Readonly<{
      analysedPerSecond: number;
      mediaTimeMs: number;
      frameAgeMs?: number;
      width?: number;
      height?: number;
      load?: CameraLoad;
      /** What each rule needs, asked at `atMs`. */
      ruleNeeds?: RuleNeeds;
      picture?: 'tampered' | 'suspended';
      atMs?: number;
    }>,
  ) => void;
  /** Events that are due at this moment; each is answered once. */
  dueEvents: (nowMs: number) => readonly EventDraft[];
  health: (rulesOf: (cameraId: string) => RulesReport) => readonly CameraHealth[];
  loads: () => ReadonlyMap<string, CameraLoad>;
}>;

export function createCameraStates(
  cameras: readonly Readonly<{ cameraId: string; name: string }>[],
  startedAtMs: number,
  /** Of a clock that nobody sets. */
  steadyMs: () => number = () => performance.now(),
): CameraStates {
  const entries = new Map<string, Entry>(
    cameras.map(({ cameraId, name }) => [cameraId, firstEntry(name, startedAtMs, steadyMs())]),
  );

  return {
    changed: (cameraId, state, reason, atMs) => {
      const entry = entries.get(cameraId);
      if (entry === undefined) return;
      if (entry.state !== state) entry.stateSinceMs = atMs;
      entry.state = state;
      if (reason === undefined) delete entry.reason;
      else entry.reason = reason;
      entry.wasSeen ||= givesPictures(state);
      entry.darkSinceMs = darkSince(entry, state, steadyMs());
    },
    warned: (cameraId, sentences) => {
      const entry = entries.get(cameraId);
      if (entry === undefined) return;
      if (sentences.length === 0) delete entry.warnings;
      else entry.warnings = [...sentences];
    },
    pictureFault: (cameraId) => entries.get(cameraId)?.pictureFault,
    isSeen: (cameraId) => givesPictures(entries.get(cameraId)?.state ?? 'offline'),
    refusal: (cameraId) => {
      const entry = entries.get(cameraId);
      return entry?.state === 'auth-failed' ? (entry.reason ?? 'refused') : undefined;
    },
    pulse: (cameraId, facts) => {
      const entry = entries.get(cameraId);
      if (entry === undefined) return;
      entry.analysedPerSecond = facts.analysedPerSecond;
      entry.mediaTimeMs = facts.mediaTimeMs;
      entry.pictureFault = facts.picture;
      entry.pulsedMs = steadyMs();
      if (facts.frameAgeMs !== undefined) entry.newestPictureMs = steadyMs() - facts.frameAgeMs;
      if (facts.width !== undefined) entry.width = facts.width;
      if (facts.height !== undefined) entry.height = facts.height;
      if (facts.load !== undefined) entry.load = facts.load;
      if (!givesPictures(entry.state)) entry.rates.forget();
      else if (facts.ruleNeeds !== undefined && facts.atMs !== undefined)
        entry.rates.take(facts.ruleNeeds, facts.analysedPerSecond, facts.atMs);
    },
    dueEvents: (nowMs) =>
      [...entries].flatMap(
        ([cameraId, entry]) => dueEvent(cameraId, entry, { nowMs, steadyMs: steadyMs() }) ?? [],
      ),
    health: (rulesOf) =>
      [...entries].map(([cameraId, entry]) =>
        healthOf(cameraId, entry, rulesOf(cameraId), steadyMs()),
      ),
    loads: () => loadsOf(entries),
  };
}

function firstEntry(name: string, startedAtMs: number, steadyMs: number): Entry {
  return {
    name,
    state: 'connecting',
    stateSinceMs: startedAtMs,
    darkSinceMs: steadyMs + firstPictureMs,
    toldOffline: false,
    wasSeen: false,
    analysedPerSecond: 0,
    mediaTimeMs: 0,
    rates: createRateWatch(),
  };
}

function loadsOf(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, CameraLoad> {
  return new Map(
    [...entries].flatMap(([cameraId, { load }]) =>
      load === undefined ? [] : [[cameraId, load] as const],
    ),
  );
}

function healthOf(
  cameraId: string,
  entry: Entry,
  rules: RulesReport,
  steadyMs: number,
): CameraHealth {
  const { name, state, reason, warnings, stateSinceMs, width, height } = entry;
  const { newestPictureMs, pulsedMs = Number.NEGATIVE_INFINITY } = entry;
  const degraded = entry.rates.degraded();
  return {
    ...{ cameraId, name, state, stateSinceMs, rules },
    analysedPerSecond: steadyMs - pulsedMs > toldHoldsMs ? 0 : entry.analysedPerSecond,
    ...(newestPictureMs === undefined
      ? {}
      : { frameAgeMs: Math.max(0, Math.round(steadyMs - newestPictureMs)) }),
    ...(reason === undefined ? {} : { reason }),
    ...(warnings === undefined ? {} : { warnings }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(degraded.length === 0 ? {} : { degradedRules: [...degraded] }),
  };
}

function dueEvent(
  cameraId: string,
  entry: Entry,
  { nowMs, steadyMs }: Readonly<{ nowMs: number; steadyMs: number }>,
): EventDraft | undefined {
  const { darkSinceMs } = entry;
  const isDark = darkSinceMs !== undefined && steadyMs - darkSinceMs >= offlineAfterMs;
  if (isDark === entry.toldOffline) return undefined;
  if (!isDark && !givesPictures(entry.state)) return undefined;
  entry.toldOffline = isDark;
  const reason = entry.reason ?? because(isDark ? 'no-picture' : 'pictures-again');
  const { mediaTimeMs } = entry;
  const facts = { cameraId, capturedAtMs: nowMs, mediaTimeMs, reason };
  return isDark
    ? { kind: 'camera-offline', cause: causeOf(entry), ...facts }
    : { kind: 'camera-back', ...facts };
}

/** Since when there has been no picture; undefined while they come. */
function darkSince({ darkSinceMs }: Entry, state: CameraState, atMs: number): number | undefined {
  if (givesPictures(state)) return undefined;
  if (state === 'connecting') return darkSinceMs ?? atMs;
  const sinceMs = state === 'stalled' ? atMs - offlineAfterMs + offlineAfterStallMs : atMs;
  return Math.min(darkSinceMs ?? sinceMs, sinceMs);
}

function causeOf({ state, wasSeen }: Entry): OfflineCause {
  if (state === 'auth-failed') return 'refused';
  return wasSeen ? 'signal-lost' : 'not-seen';
}
