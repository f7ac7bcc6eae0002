/** Users and their sessions as the HTTP interface shows them; never a password, nor anything made of one. */
import { type Static, Type } from 'typebox';
import { Role, Scope } from './access-rights.ts';

const EpochMs = Type.Integer({ minimum: 0 });

export const SessionView = Type.Object({
  /** Absent when nobody is signed in. */
  username: Type.Optional(Type.String()),
  role: Type.Optional(Role),
  /** True until the first user has been made with the set-up token. */
  needsSetup: Type.Boolean(),
});
export type SessionView = Readonly<Static<typeof SessionView>>;

export const UserView = Type.Object({
  userId: Type.String(),
  username: Type.String(),
  role: Role,
  scope: Scope,
  disabled: Type.Boolean(),
  createdAtMs: EpochMs,
  /** False until the user has chosen a password with the one-time token. */
  hasPassword: Type.Boolean(),
});
export type UserView = Readonly<Static<typeof UserView>>;

/** Shown once; the centre keeps only a hash of it. */
export const OneTimeToken = Type.Object({ token: Type.String(), expiresAtMs: EpochMs });
export type OneTimeToken = Readonly<Static<typeof OneTimeToken>>;

export const OpenSessionView = Type.Object({
  sessionId: Type.String(),
  createdAtMs: EpochMs,
  seenAtMs: EpochMs,
  expiresAtMs: EpochMs,
  address: Type.String(),
  program: Type.String(),
  /** The one that asks. */
  own: Type.Boolean(),
});
export type OpenSessionView = Readonly<Static<typeof OpenSessionView>>;

export const Username = Type.String({ minLength: 1, maxLength: 64, pattern: '^\\S(.*\\S)?$' });
/** What the centre demands of a new password. */
const leastPasswordLength = 10;
export const NewPassword = Type.String({ minLength: leastPasswordLength, maxLength: 200 });
