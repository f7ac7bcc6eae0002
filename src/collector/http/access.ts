/**
 * Who may come in: server-side sessions behind an opaque cookie, argon2id for passwords, and one-time tokens that make the
 * first account or choose a new password. Only hashes are stored. There is no default account.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { OneTimeToken } from '../../contract/account-view.ts';
import type { Accounts, Session } from '../store/account.ts';
import { HttpRefusal } from './http-error.ts';
import { createSessions, digest, type Origin, type Sessions } from './sessions.ts';

/** A new user, or one whose password was taken away, has this long to choose one. */
const choosingMs = 24 * 60 * 60 * 1000;
const setupSetting = 'setup-token-hash';

export type Access = Omit<Sessions, 'open'> &
  Readonly<{
    /** A fresh token when nobody has an account yet; earlier tokens are void. */
    prepareSetup: () => Promise<string | undefined>;
    needsSetup: () => Promise<boolean>;
    /** Makes the first account. Throws HttpRefusal. Answers with the session's token for the cookie, as the next two do. */
    setUp: (
      entry: Readonly<{ token: string; username: string; password: string }>,
      origin: Origin,
    ) => Promise<string>;
    signIn: (
      entry: Readonly<{ username: string; password: string }>,
      origin: Origin,
    ) => Promise<string>;
    /** With the one-time token that an administrator handed over. */
    choosePassword: (
      entry: Readonly<{ token: string; password: string }>,
      origin: Origin,
    ) => Promise<string>;
    /** The other sessions of the user end. */
    changeOwnPassword: (
      session: Session,
      entry: Readonly<{ current: string; password: string }>,
    ) => Promise<void>;
    /** Voids the password and ends the sessions of the user, who chooses anew with the token. */
    resetPassword: (userId: string) => Promise<OneTimeToken>;
    newToken: () => Readonly<{
      given: OneTimeToken;
      kept: { tokenHash: string; expiresAtMs: number };
    }>;
  }>;

export function createAccess(store: Accounts, now: () => number): Access {
  const { open, ...sessions } = createSessions(store, now);
  const newToken = createTokens(now);
  return {
    ...sessions,
    ...createFirstAccount(store, open, now),
    signIn: createSignIn(store, open),
    choosePassword: async ({ token, password }, origin) => {
      const user = await store.userByReset(digest(token), now());
      if (user === undefined || user.disabled) {
        throw new HttpRefusal(
          403,
          'wrong-token',
          'this one-time token is not valid, or has run out',
        );
      }
      await store.changeUser(user.userId, { passwordHash: await hash(password), reset: undefined });
      await sessions.endAll({ userId: user.userId });
      return open(user.userId, origin);
    },
    changeOwnPassword: async ({ userId, sessionId }, { current, password }) => {
      const user = await store.user(userId);
      if (user === undefined || !(await matches(user.passwordHash, current))) {
        throw new HttpRefusal(403, 'wrong-credentials', 'the password that you have now is wrong');
      }
      await store.changeUser(userId, { passwordHash: await hash(password), reset: undefined });
      await sessions.endAll({ userId, exceptSessionId: sessionId });
    },
    resetPassword: async (userId) => {
      const { given, kept } = newToken();
      await store.changeUser(userId, { passwordHash: '', reset: kept });
      await sessions.endAll({ userId });
      return given;
    },
    newToken,
  };
}

function createTokens(now: () => number): Access['newToken'] {
  return () => {
    const token = randomBytes(18).toString('base64url');
    const expiresAtMs = now() + choosingMs;
    return {
      given: { token, expiresAtMs },
      kept: { tokenHash: digest(token), expiresAtMs },
    };
  };
}

function createFirstAccount(
  store: Accounts,
  open: Sessions['open'],
  now: () => number,
): Pick<Access, 'prepareSetup' | 'needsSetup' | 'setUp'> {
  const needsSetup = async (): Promise<boolean> => (await store.userCount()) === 0;
  return {
    needsSetup,
    prepareSetup: async () => {
      if (!(await needsSetup())) return undefined;
      const token = randomBytes(18).toString('base64url');
      await store.changeSetting(setupSetting, digest(token));
      return token;
    },
    setUp: async ({ token, username, password }, origin) => {
      // The hash is looked up as it is: to guess it letter by letter helps nobody to the token.
      const isTaken =
        (await needsSetup()) && (await store.takeSetting(setupSetting, digest(token)));
      if (!isTaken) {
        throw new HttpRefusal(
          403,
          'wrong-token',
          'this set-up token is not valid; it is printed when the collector starts',
        );
      }
      const userId = randomUUID();
      await store.createUser({
        userId,
        username,
        passwordHash: await hash(password),
        role: 'administrator',
        scope: { kind: 'all' },
        disabled: false,
        createdAtMs: now(),
      });
      return open(userId, origin);
    },
  };
}

function createSignIn(store: Accounts, open: Sessions['open']): Access['signIn'] {
  /** Verified for unknown names, so that an answer takes as long for them as for known ones. */
  const nobody = hash(randomBytes(16).toString('hex'));
  return async ({ username, password }, origin) => {
    const user = await store.userByName(username);
    const known = user?.passwordHash || (await nobody);
    const isRight = await verify(known, password);
    if (user === undefined || user.disabled || user.passwordHash === '' || !isRight) {
      throw new HttpRefusal(401, 'wrong-credentials', 'user name or password is wrong');
    }
    return open(user.userId, origin);
  };
}

async function matches(passwordHash: string, password: string): Promise<boolean> {
  return passwordHash !== '' && (await verify(passwordHash, password));
}
