/**
 * What the collector remembers. All SQL lives in this room; callers see plain data.
 * Every write is durable when its promise resolves. Feed messages are written in the transaction of what they tell,
 * and handed to the listeners after its commit, in order.
 */

import type { Scope } from '../../contract/access-rights.ts';
import type { BlindEntry, BlindReport } from '../../contract/blind-time.ts';
import type {
  AlarmView,
  AnnouncementRecord,
  AnnouncementState,
  CameraView,
  EdgeView,
  FeedMessage,
  RulesView,
  SpeakerView,
} from '../../contract/console-api.ts';
import type { EdgeHealth, EdgeStatus } from '../../contract/edge-report.ts';
import type { CameraRules, VersionedRules } from '../../contract/rule.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import type { VoiceTemplate } from '../../contract/voice.ts';
import type { Alarm, AnnouncementOrder, KnownRule } from '../alarms/alarm.ts';
import type { Warned } from '../alarms/warning.ts';
import type { Accounts } from './account.ts';
import type { Register } from './audit.ts';
import type { ClipStore } from './clip.ts';
import type { EdgeCredentials } from './edge-credential.ts';
import type { KeptCall } from './open-call.ts';
import type { Retention } from './retention.ts';
import type { SequenceStore } from './sequence-store.ts';
import type { WebhookQueue } from './webhook-queue.ts';

/** What the alarm policy (pure, in the alarms room) decides about one event. */
export type AlarmDecision =
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'raise'; alarm: Alarm; announcement?: AnnouncementOrder }>
  | Readonly<{ kind: 'join'; alarm: Alarm }>
  /** Somebody was warned, and this is what came of it; `callsAgain` brings it before the operators once more. */
  | Readonly<{ kind: 'answer'; alarm: Alarm; callsAgain: boolean }>;

/** What the policy is told besides the event. */
export type AlarmContext = Readonly<{
  rule?: KnownRule;
  /** The newest alarm of the same camera and rule, open or closed. */
  latest?: Alarm;
  /** The camera belongs to another edge, which is there. */
  isForeign?: true;
  /** How the event's camera and its lane are called. */
  place?: Readonly<{ name?: string; lane?: string }>;
  /** Read only for a rule that has something to say. */
  templates?: readonly VoiceTemplate[];
  /** Of an answer to a warning: the alarm that gave it. */
  warned?: Warned;
}>;

export type FiledEvent = Readonly<{
  eventId: string;
  /** True when the event was there already: nothing was changed. */
  duplicate: boolean;
  alarm?: Alarm;
  announcement?: AnnouncementOrder;
}>;

export type StoredFeedMessage = Readonly<{ feedId: number; message: FeedMessage }>;

/** Directory facts from the configuration, joined to what the edges report. */
export type CameraPlace = Readonly<{
  cameraId: string;
  name?: string;
  lane?: string;
  community?: string;
  grid?: string;
  speakerId?: string;
}>;

export type Store = Accounts &
  SequenceStore &
  Register &
  EdgeCredentials &
  ClipStore &
  WebhookQueue &
  Retention &
  Readonly<{
    /** One transaction: insert or ignore by event id, ask the policy, write alarm, announcement and feed. */
    fileEvents: (
      events: readonly RuleEvent[],
      decide: (event: RuleEvent, context: AlarmContext) => AlarmDecision,
      nowMs: number,
    ) => Promise<readonly FiledEvent[]>;
    quarantine: (
      message: Readonly<{ topic: string; payload: Uint8Array; reason: string; atMs: number }>,
    ) => Promise<void>;
    saveSnapshot: (eventId: string, jpeg: Uint8Array, nowMs: number) => Promise<void>;
    snapshot: (eventId: string) => Promise<Uint8Array | undefined>;
    event: (eventId: string) => Promise<RuleEvent | undefined>;
    events: (
      query: Readonly<{ cameraId?: string; beforeMs?: number; limit: number }>,
    ) => Promise<readonly RuleEvent[]>;

    alarms: (
      query: Readonly<{
        states?: readonly AlarmView['state'][];
        cameraId?: string;
        /** Only of these cameras. */
        cameraIds?: ReadonlySet<string>;
        beforeMs?: number;
        /** Those that were raised before this one, in the order of their coming. */
        before?: string;
        limit: number;
      }>,
    ) => Promise<readonly AlarmView[]>;
    alarm: (alarmId: string) => Promise<AlarmView | undefined>;
    /** The change is computed by the alarms room; undefined leaves the alarm as it is. Answers with the alarm as it stands afterwards. */
    changeAlarm: (
      alarmId: string,
      change: (alarm: Alarm) => Alarm | undefined,
      nowMs: number,
    ) => Promise<AlarmView | undefined>;

    /** Marks it speaking, once and for ever; false when another already did or when it is over. */
    claimAnnouncement: (announcementId: string, nowMs: number) => Promise<boolean>;
    finishAnnouncement: (
      announcementId: string,
      state: AnnouncementState,
      reason: string | undefined,
      nowMs: number,
    ) => Promise<void>;
    /** Ends as failed what was claimed before the given time and never finished: whoever said it has crashed. */
    finishAbandoned: (claimedBeforeMs: number, reason: string, nowMs: number) => Promise<void>;
    /** The alarms of announcements that ended between the two times. */
    unansweredWarnings: (saidAfterMs: number, saidBeforeMs: number) => Promise<readonly Alarm[]>;
    /** Orders that were queued and never claimed; read once after a start. */
    queuedAnnouncements: () => Promise<readonly AnnouncementOrder[]>;
    /** A call to a speaker, until it is ended; kept again it has the new body; a speaker's, the oldest first. */
    keepCall: (call: KeptCall) => Promise<void>;
    forgetCall: (callId: string) => Promise<void>;
    keptCalls: (speakerId: string) => Promise<readonly KeptCall[]>;

    /** The newest announcements, or those of them that were not said, of the given cameras or all. */
    announcements: (
      query: Readonly<{
        failedOnly: boolean;
        cameraIds: ReadonlySet<string> | undefined;
        limit: number;
      }>,
    ) => Promise<readonly AnnouncementRecord[]>;
    /** Puts a speaker on the feed. */
    tellSpeaker: (speaker: SpeakerView, nowMs: number) => Promise<void>;

    recordStatus: (status: EdgeStatus) => Promise<void>;
    /** One transaction for many edges, in the order of the list. */
    recordStatuses: (statuses: readonly EdgeStatus[]) => Promise<void>;
    recordHealth: (health: EdgeHealth) => Promise<void>;
    /** One transaction for the healths of many edges. */
    recordHealths: (healths: readonly EdgeHealth[]) => Promise<void>;
    /** Later sums of the same day, camera, rule and reason take the place of earlier ones. */
    recordBlindTime: (report: BlindReport) => Promise<void>;
    /** From the day on, the newest first. */
    blindTime: (cameraId: string, sinceDay: string) => Promise<readonly BlindEntry[]>;
    /** Of days before; answers with how many rows went. */
    forgetBlindTime: (beforeMs: number) => Promise<number>;
    /** The cameras of a scope; undefined when it is all of them. */
    camerasIn: (scope: Scope) => Promise<ReadonlySet<string> | undefined>;
    /** The speakers that stand beside the cameras. */
    speakersIn: (cameraIds: ReadonlySet<string>) => ReadonlySet<string>;
    /** The camera that an alarm, or an event, belongs to. */
    cameraOf: (object: 'alarm' | 'event', id: string) => Promise<string | undefined>;
    /** All, or those that have one of the cameras. */
    edges: (cameraIds?: ReadonlySet<string>) => Promise<readonly EdgeView[]>;
    cameras: () => Promise<readonly CameraView[]>;
    camera: (cameraId: string) => Promise<CameraView | undefined>;

    rules: (cameraId: string) => Promise<RulesView>;
    /** The newest version of each of the cameras that have rules. */
    rulesVersions: (cameraIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
    /** Saves the next version if nobody saved since `basedOnVersion`; else answers with the conflict. */
    saveRules: (
      cameraId: string,
      rules: CameraRules,
      basedOnVersion: number,
      by: string,
      nowMs: number,
    ) => Promise<
      | Readonly<{ ok: true; saved: VersionedRules }>
      | Readonly<{ ok: false; currentVersion: number }>
    >;
    /** The newest rules of every camera, for publishing to the edges after a start. */
    allRules: () => Promise<readonly VersionedRules[]>;

    /** What rules have to say, for reading aloud; by name. */
    voiceTemplates: () => Promise<readonly VoiceTemplate[]>;
    saveVoiceTemplate: (template: VoiceTemplate, by: string, nowMs: number) => Promise<void>;
    /** False when there was none. */
    removeVoiceTemplate: (templateId: string) => Promise<boolean>;

    feedSince: (feedId: number, limit: number) => Promise<readonly StoredFeedMessage[]>;
    newestFeedId: () => Promise<number>;
    /** Returns the function that ends the listening. */
    onFeed: (listener: (stored: StoredFeedMessage) => void) => () => unknown;

    close: () => Promise<void>;
  }>;
