/**
 * Sessions: 256 random bits in a cookie, their hash in the store. They end after twelve hours, after an hour unused, by
 * signing out, and when an administrator changes the user; whatever is still streaming then is told within seconds.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Accounts, Session } from '../store/account.ts';
import { storeFaultOf } from '../store/store-fault.ts';

export const sessionSeconds = 12 * 60 * 60;
const idleSeconds = 60 * 60;
/** The console asks every ten seconds; to note each of these would be a write each. */
const noteSeenEveryMs = 60_000;
/** For sessions that another collector on the same database has ended. */
const checkAgainMs = 3000;

/** From where a session is opened; the one that the browser had before ends with it. */
export type Origin = Readonly<{ address: string; program: string; before?: string }>;

export type Sessions = Readonly<{
  /** Answers with the token for the cookie. */
  open: (userId: string, origin: Origin) => Promise<string>;
  sessionOf: (token: string | undefined) => Promise<Session | undefined>;
  signOut: (token: string) => Promise<void>;
  endAll: (which: Parameters<Accounts['endSessions']>[0]) => Promise<number>;
  /** Calls `end` once when the session is over; answers with the function that ends the watching. */
  follow: (token: string | undefined, end: () => void) => () => void;
}>;

type Store = Pick<
  Accounts,
  'createSession' | 'session' | 'touchSession' | 'endSession' | 'endSessions'
>;

export function createSessions(store: Store, now: () => number): Sessions {
  const followers = new Set<() => Promise<void>>();
  const checkFollowers = async (): Promise<void> => {
    await Promise.all([...followers].map((check) => check()));
  };
  const find = (token: string): Promise<Session | undefined> =>
    store.session(digest(token), now(), idleSeconds * 1000);
  return {
    open: async (userId, { address, program, before }) => {
      if (before !== undefined) await store.endSession(digest(before));
      const token = randomBytes(32).toString('base64url');
      await store.createSession({
        tokenHash: digest(token),
        sessionId: randomUUID(),
        userId,
        createdAtMs: now(),
        expiresAtMs: now() + sessionSeconds * 1000,
        address,
        program: program.slice(0, 200),
      });
      return token;
    },
    sessionOf: async (token) => {
      if (token === undefined) return undefined;
      const session = await find(token);
      if (session !== undefined && now() - session.seenAtMs >= noteSeenEveryMs)
        await store.touchSession(digest(token), now()).catch(unlessFull);
      return session;
    },
    signOut: async (token) => {
      await store.endSession(digest(token));
      await checkFollowers();
    },
    endAll: async (which) => {
      const ended = await store.endSessions(which);
      await checkFollowers();
      return ended;
    },
    follow: (token, end) => {
      const stop = (): void => {
        clearInterval(timer);
        followers.delete(check);
      };
      const check = async (): Promise<void> => {
        // A store that cannot be asked ends nothing: the next look decides.
        const isOpen =
          token !== undefined &&
          (await find(token).then(
            (session) => session !== undefined,
            () => true,
          ));
        if (isOpen || !followers.has(check)) return;
        stop();
        end();
      };
      const timer = setInterval(() => void check(), checkAgainMs);
      followers.add(check);
      return stop;
    },
  };
}

/** Who is in may go on reading while the disk is full. */
function unlessFull(error: unknown): void {
  if (storeFaultOf(error) !== 'full') throw error;
}

/** What the store keeps of a token. */
export function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
