/** An alarm: something the operator has to look at, from the moment it is raised until it is closed with a reason. */
import type {
  AlarmState,
  AlarmView,
  CloseReason,
  WarningView,
} from '../../contract/console-api.ts';
import type { Tripwire, WatchPoint, Zone } from '../../contract/rule.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import type { Announcement, Severity } from '../../contract/rule-response.ts';

export type Alarm = Readonly<{
  alarmId: string;
  state: AlarmState;
  severity: Severity;
  cameraId: string;
  ruleName: string;
  raisedAtMs: number;
  event: RuleEvent;
  rule?: NonNullable<AlarmView['rule']>;
  repeats: number;
  /** Capture time of the newest event that joined it; the cooldown counts from the raising, not from this. */
  lastEventAtMs: number;
  late: boolean;
  /** Which time of its rule's series the newest event was, and when that series began. */
  occurrence?: number;
  seriesStartedAtMs?: number;
  acknowledgedAtMs?: number;
  acknowledgedBy?: string;
  closedAtMs?: number;
  closedBy?: string;
  closeReason?: CloseReason;
  closeNote?: string;
  /** What the edge saw after the alarm's own announcement. */
  warning?: WarningView;
}>;

/** Something for a lane's speaker to say, born in the same transaction as its alarm. */
export type AnnouncementOrder = Readonly<{
  announcementId: string;
  alarmId: string;
  speakerId: string;
  announcement: Announcement;
  severity: Severity;
  /** How often it is said; once, without it. */
  times?: number;
  /** Softer than usual by so many decibels (-12 is half as loud); the usual loudness, without it. */
  gainDb?: number;
  orderedAtMs: number;
  /** Never played after this. */
  expiresAtMs: number;
}>;

/** The rule that fired, if the centre knows it. */
export type KnownRule =
  | Readonly<{ kind: 'tripwire'; rule: Tripwire }>
  | Readonly<{ kind: 'zone'; rule: Zone }>
  | Readonly<{ kind: 'watch-point'; rule: WatchPoint }>;
