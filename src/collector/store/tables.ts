/** The tables as Kysely sees them. Times are epoch milliseconds, documents are JSON text, flags are 0 and 1. */
import type { Generated, Kysely, Transaction } from 'kysely';

export type Tables = {
  event: {
    event_id: string;
    edge_id: string;
    camera_id: string;
    kind: string;
    sequence: number;
    captured_at_ms: number;
    received_at_ms: number;
    body: string;
  };
  snapshot: { event_id: string; received_at_ms: number; jpeg: Uint8Array };
  quarantine: {
    quarantine_id: Generated<number>;
    topic: string;
    reason: string;
    at_ms: number;
    payload: Uint8Array;
  };
  alarm: {
    alarm_id: string;
    event_id: string;
    camera_id: string;
    rule_key: string;
    state: string;
    raised_at_ms: number;
    /** In the order in which they were raised, whatever the clock says. */
    number: number;
    body: string;
  };
  announcement: {
    announcement_id: string;
    alarm_id: string;
    speaker_id: string;
    state: string;
    wording: string;
    at_ms: number;
    reason: string | null;
    body: string;
  };
  edge: {
    edge_id: string;
    boot_id: string;
    online: number;
    since_ms: number;
    outbox_rows: number;
    storage_fault: string | null;
    certificate_ends_at_ms: number | null;
  };
  clip: {
    clip_id: string;
    edge_id: string;
    camera_id: string;
    started_at_ms: number;
    duration_ms: number;
    bytes: number;
    sha256: string;
    received_at_ms: number;
    /** The folder that its file is in; null of what was stored before folders had names. */
    place: string | null;
  };
  clip_event: { event_id: string; clip_id: string };
  hold: {
    event_id: string;
    camera_id: string;
    reason: string;
    held_by: string;
    held_at_ms: number;
  };
  /** Until it stands in the register. */
  deleted_item: {
    class: string;
    item_id: string;
    camera_id: string | null;
    stored_at_ms: number;
    why: string;
    file_left: number;
    /** Where the file of a clip is to be removed. */
    place: string | null;
  };
  sequence_mark: { edge_id: string; accounted: number };
  sequence_settled: { edge_id: string; first: number; last: number };
  camera: { camera_id: string; edge_id: string; body: string };
  rules: {
    camera_id: string;
    version: number;
    saved_by: string;
    saved_at_ms: number;
    body: string;
  };
  voice_template: { template_id: string; body: string; saved_by: string; saved_at_ms: number };
  blind_time: {
    day: string;
    camera_id: string;
    /** Empty for the camera as a whole. */
    rule_id: string;
    reason: string;
    edge_id: string;
    seconds: number;
  };
  webhook_delivery: {
    number: Generated<number>;
    delivery_id: string;
    webhook_id: string;
    /** What the message is about; in its order. */
    subject: string;
    body: string;
    created_at_ms: number;
    /** Later than now while somebody has claimed it, or until it is tried again. */
    due_at_ms: number;
    attempts: number;
    /** It is tried no more, and kept for an administrator. */
    given_up_at_ms: number | null;
  };
  open_call: { call_id: string; speaker_id: string; opened_at_ms: number; body: string };
  feed: { feed_id: Generated<number>; at_ms: number; body: string };
  account: {
    user_id: string;
    username: string;
    password_hash: string;
    role: string;
    scope: string;
    disabled: number;
    created_at_ms: number;
    reset_hash: string | null;
    reset_expires_at_ms: number;
  };
  session: {
    token_hash: string;
    session_id: string;
    user_id: string;
    created_at_ms: number;
    seen_at_ms: number;
    expires_at_ms: number;
    address: string;
    program: string;
  };
  setting: { name: string; value: string };
  edge_code: { code_hash: string; edge_id: string; expires_at_ms: number };
  edge_credential: {
    edge_id: string;
    password_hash: string;
    created_at_ms: number;
    revoked: number;
  };
  audit: {
    number: number;
    at_ms: number;
    actor: string;
    address: string;
    action: string;
    outcome: string;
    camera_id: string | null;
    object: string | null;
    detail: string | null;
    hash: string;
  };
};

export type Database = Kysely<Tables>;
/** The database or a transaction of it. */
export type Connection = Kysely<Tables> | Transaction<Tables>;
