/** Users, their sessions and small settings, as the store hands them out. Secrets are here as hashes only. */
import type { Role, Scope } from '../../contract/access-rights.ts';

export type User = Readonly<{
  userId: string;
  username: string;
  /** Empty until the user has chosen a password. */
  passwordHash: string;
  role: Role;
  scope: Scope;
  disabled: boolean;
  createdAtMs: number;
  /** A one-time token with which the user chooses a new password. */
  reset?: PasswordReset;
}>;

type PasswordReset = Readonly<{ tokenHash: string; expiresAtMs: number }>;

export type Session = Readonly<{
  sessionId: string;
  userId: string;
  username: string;
  role: Role;
  scope: Scope;
  createdAtMs: number;
  seenAtMs: number;
  expiresAtMs: number;
  /** From where and with what it was opened. */
  address: string;
  program: string;
}>;

type NewSession = Pick<
  Session,
  'sessionId' | 'userId' | 'createdAtMs' | 'expiresAtMs' | 'address' | 'program'
> &
  Readonly<{ tokenHash: string }>;

/** What an administrator or the user changes; `reset: undefined` with the key present takes the token away. */
export type UserChange = Partial<
  Pick<User, 'role' | 'scope' | 'disabled' | 'passwordHash'> & {
    readonly reset: PasswordReset | undefined;
  }
>;

export type Accounts = Readonly<{
  userCount: () => Promise<number>;
  /** False when the name is taken. */
  createUser: (user: User) => Promise<boolean>;
  users: () => Promise<readonly User[]>;
  user: (userId: string) => Promise<User | undefined>;
  userByName: (username: string) => Promise<User | undefined>;
  userByReset: (tokenHash: string, nowMs: number) => Promise<User | undefined>;
  /** Nobody may lock the door from outside: the last administrator of the whole centre stays one. */
  changeUser: (
    userId: string,
    change: UserChange,
  ) => Promise<'changed' | 'unknown' | 'last-administrator'>;

  createSession: (session: NewSession) => Promise<void>;
  /** Undefined when it is unknown, too old, unused for longer than `idleMs`, or its user is disabled. */
  session: (tokenHash: string, nowMs: number, idleMs: number) => Promise<Session | undefined>;
  touchSession: (tokenHash: string, nowMs: number) => Promise<void>;
  sessions: (userId: string, nowMs: number) => Promise<readonly Session[]>;
  endSession: (tokenHash: string) => Promise<void>;
  /** Ends one session of a user, or all of them but `exceptSessionId`; answers with how many there were. */
  endSessions: (
    which: Readonly<{ userId: string; sessionId?: string; exceptSessionId?: string }>,
  ) => Promise<number>;

  /** A small value that survives restarts, such as the hash of the set-up token. */
  setting: (name: string) => Promise<string | undefined>;
  changeSetting: (name: string, value: string | undefined) => Promise<void>;
  /** Removes it if it has that value; true for one only of those who ask at once. */
  takeSetting: (name: string, value: string) => Promise<boolean>;
  /** The value that stands: this one, unless another was there first. */
  settleSetting: (name: string, value: string) => Promise<string>;
}>;
