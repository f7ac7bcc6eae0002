/**
 * Who may come in: server-side sessions behind an opaque cookie, argon2id for passwords, and a one-time token that makes
 * the first account. Only hashes are stored. There is no default account.
 */
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Session, Store } from '../store/store.ts';
import { HttpRefusal } from './http-error.ts';

export const sessionCookie = 'haoguanjia-session';
export const sessionSeconds = 12 * 60 * 60;
export const leastPasswordLength = 10;

const setupSetting = 'setup-token-hash';

export type Access = Readonly<{
  /** A fresh token when nobody has an account yet; earlier tokens are void. */
  prepareSetup: () => Promise<string | undefined>;
  needsSetup: () => Promise<boolean>;
  /** Makes the first account. Throws HttpRefusal. Answers with the session's token for the cookie. */
  setUp: (
    entry: Readonly<{ token: string; username: string; password: string }>,
  ) => Promise<string>;
  signIn: (entry: Readonly<{ username: string; password: string }>) => Promise<string>;
  signOut: (token: string) => Promise<void>;
  sessionOf: (token: string | undefined) => Promise<Session | undefined>;
}>;

type Accounts = Pick<
  Store,
  | 'userCount'
  | 'createUser'
  | 'userByName'
  | 'createSession'
  | 'session'
  | 'endSession'
  | 'setting'
  | 'changeSetting'
>;

export function createAccess(store: Accounts, now: () => number): Access {
  /** Verified for unknown names, so that an answer takes as long for them as for known ones. */
  const nobody = hash(randomBytes(16).toString('hex'));
  const openSession = async (userId: string): Promise<string> => {
    const token = randomBytes(32).toString('base64url');
    await store.createSession(digest(token), userId, now() + sessionSeconds * 1000);
    return token;
  };
  return {
    prepareSetup: async () => {
      if ((await store.userCount()) > 0) return undefined;
      const token = randomBytes(18).toString('base64url');
      await store.changeSetting(setupSetting, digest(token));
      return token;
    },
    needsSetup: async () => (await store.userCount()) === 0,
    setUp: async ({ token, username, password }) => {
      const expected = await store.setting(setupSetting);
      if (
        expected === undefined ||
        !same(expected, digest(token)) ||
        (await store.userCount()) > 0
      ) {
        throw new HttpRefusal(
          403,
          'wrong-token',
          'this set-up token is not valid; it is printed when the collector starts',
        );
      }
      await store.changeSetting(setupSetting, undefined);
      const userId = randomUUID();
      await store.createUser({ userId, username, passwordHash: await hash(password) });
      return openSession(userId);
    },
    signIn: async ({ username, password }) => {
      const user = await store.userByName(username);
      const isRight = await verify(user?.passwordHash ?? (await nobody), password);
      if (user === undefined || !isRight) {
        throw new HttpRefusal(401, 'wrong-credentials', 'user name or password is wrong');
      }
      return openSession(user.userId);
    },
    signOut: (token) => store.endSession(digest(token)),
    sessionOf: async (token) =>
      token === undefined ? undefined : store.session(digest(token), now()),
  };
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function same(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}
