/** What the store knows of keeping and deleting. */
import type { CameraGroup, DataClass, StoredItem } from '../retention/retention-rules.ts';
import type { AuditEntry } from './audit.ts';

/** `space`: before its time, because the disk space for clips is used up. */
export type DeletionReason = 'age' | 'space';

export type DeletedItem = Readonly<{
  dataClass: DataClass;
  id: string;
  cameraId?: string;
  storedAtMs: number;
  why: DeletionReason;
}>;

export type Hold = Readonly<{
  eventId: string;
  cameraId: string;
  /** Of the event and of the alarm that it raised. */
  capturedAtMs?: number;
  alarmId?: string;
  reason: string;
  by: string;
  atMs: number;
}>;

export type Retention = Readonly<{
  /** Of what came before that time, is not held, and on which nothing younger hangs: the oldest first. */
  expiredItems: (
    dataClass: DataClass,
    group: Pick<CameraGroup, 'kind' | 'cameraIds'>,
    beforeMs: number,
    limit: number,
  ) => Promise<readonly StoredItem[]>;
  /**
   * One transaction: deletes those that are still there and not held, and writes down which. A clip is gone for everybody
   * at once, yet counts as deleted only when its file is. Answers with how many went.
   */
  removeItems: (
    dataClass: DataClass,
    ids: readonly string[],
    why: DeletionReason,
  ) => Promise<number>;
  /** Clips whose rows are gone and whose files are not yet known to be: those of a folder, and those that nobody knows the folder of. */
  clipFilesLeft: (place: string) => Promise<readonly string[]>;
  clipFileGone: (clipId: string) => Promise<void>;
  /** One transaction: what was deleted since the last time goes into the register, once. False when it was nothing. */
  certifyDeletions: (entryOf: (items: readonly DeletedItem[]) => AuditEntry) => Promise<boolean>;
  /** When the newest event came. */
  newestEventAtMs: () => Promise<number | undefined>;

  /** False when there is no such event; a hold that is there already stands as it is. */
  holdEvent: (
    hold: Pick<Hold, 'eventId' | 'reason' | 'by' | 'atMs'>,
    nowMs: number,
  ) => Promise<boolean>;
  /** False when it was not held. */
  releaseEvent: (eventId: string, nowMs: number) => Promise<boolean>;
  /** Newest first; only of these cameras. */
  holds: (cameraIds: ReadonlySet<string> | undefined) => Promise<readonly Hold[]>;
}>;
