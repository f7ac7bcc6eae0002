/** The register of what was done and seen, as the HTTP interface shows it. */
import { type Static, Type } from 'typebox';

export const AuditAction = Type.Union([
  Type.Literal('first-account'),
  Type.Literal('sign-in'),
  Type.Literal('sign-out'),
  Type.Literal('password-chosen'),
  Type.Literal('password-changed'),
  Type.Literal('access'),
  Type.Literal('event-viewed'),
  Type.Literal('snapshot-viewed'),
  Type.Literal('clip-viewed'),
  Type.Literal('live-opened'),
  Type.Literal('alarm-acknowledged'),
  Type.Literal('alarm-closed'),
  Type.Literal('announcement-stopped'),
  Type.Literal('speaker-tone'),
  Type.Literal('speaker-silenced'),
  Type.Literal('speaker-heard'),
  Type.Literal('talked-to-lane'),
  Type.Literal('voice-changed'),
  Type.Literal('rules-changed'),
  Type.Literal('announcement-ordered'),
  Type.Literal('recording-exported'),
  Type.Literal('recording-held'),
  Type.Literal('recording-released'),
  Type.Literal('recordings-deleted'),
  Type.Literal('user-created'),
  Type.Literal('user-changed'),
  Type.Literal('password-reset'),
  Type.Literal('sessions-ended'),
  Type.Literal('edge-code-made'),
  Type.Literal('edge-enrolled'),
  Type.Literal('edge-revoked'),
  Type.Literal('register-exported'),
  Type.Literal('register-pruned'),
  Type.Literal('settings-changed'),
  Type.Literal('clock-confirmed'),
  Type.Literal('webhook-retried'),
]);
export type AuditAction = Static<typeof AuditAction>;

export const AuditRow = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  atMs: Type.Integer({ minimum: 0 }),
  /** User name, or the edge's id; empty when nobody was signed in. */
  actor: Type.String(),
  address: Type.String(),
  action: AuditAction,
  outcome: Type.Union([Type.Literal('done'), Type.Literal('refused')]),
  cameraId: Type.Optional(Type.String()),
  /** Such as `alarm 0189...`. */
  object: Type.Optional(Type.String()),
  /** JSON. */
  detail: Type.Optional(Type.String()),
});
export type AuditRow = Readonly<Static<typeof AuditRow>>;

export const AuditVerification = Type.Object({
  ok: Type.Boolean(),
  rows: Type.Integer(),
  /** The first row that is not as it was written, or is missing. */
  broken: Type.Optional(Type.Object({ number: Type.Integer(), reason: Type.String() })),
});
export type AuditVerification = Readonly<Static<typeof AuditVerification>>;
