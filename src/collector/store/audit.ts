/** The register: rows are only ever added, and each carries the hash of the one before. */
import type { AuditRow, AuditVerification } from '../../contract/audit-view.ts';

export type AuditEntry = Omit<AuditRow, 'number'>;

type AuditQuery = Readonly<{
  actor?: string;
  action?: AuditRow['action'];
  outcome?: AuditRow['outcome'];
  cameraId?: string;
  /** Only of these cameras; rows that belong to no camera are left out then. */
  cameraIds?: ReadonlySet<string>;
  fromMs?: number;
  toMs?: number;
  beforeNumber?: number;
  limit: number;
}>;

export type Register = Readonly<{
  /** Durable when it resolves. */
  record: (entry: AuditEntry) => Promise<void>;
  /** Newest first. */
  auditRows: (query: AuditQuery) => Promise<readonly AuditRow[]>;
  /** Reads every row again and finds the first that was changed, removed or put in between. */
  verifyAudit: () => Promise<AuditVerification>;
  /** What is older goes from the beginning on, and a row says so; answers with how many rows went. */
  pruneRegister: (order: Readonly<{ beforeMs: number; nowMs: number }>) => Promise<number>;
}>;
