/** Sessions as rows; the token itself is nowhere, only its hash. */
import type { Role, Scope } from '../../contract/access-rights.ts';
import type { Accounts, Session } from './account.ts';
import type { Database } from './tables.ts';

/** Between collectors that share a database. */
const clockToleranceMs = 60_000;

export type SessionStore = Pick<
  Accounts,
  'createSession' | 'session' | 'touchSession' | 'sessions' | 'endSession' | 'endSessions'
>;

export function createSessionStore(database: Database): SessionStore {
  return {
    createSession: async (session) => {
      // Whoever comes in sweeps out what has run out.
      await database
        .deleteFrom('session')
        .where('expires_at_ms', '<=', session.createdAtMs)
        .execute();
      await database
        .insertInto('session')
        .values({
          token_hash: session.tokenHash,
          session_id: session.sessionId,
          user_id: session.userId,
          created_at_ms: session.createdAtMs,
          seen_at_ms: session.createdAtMs,
          expires_at_ms: session.expiresAtMs,
          address: session.address,
          program: session.program,
        })
        .execute();
    },
    session: async (tokenHash, nowMs, idleMs) => {
      const row = await openSessions(database, nowMs)
        .where('session.token_hash', '=', tokenHash)
        .where('session.seen_at_ms', '>', nowMs - idleMs)
        .executeTakeFirst();
      return row === undefined ? undefined : toSession(row);
    },
    touchSession: async (tokenHash, nowMs) => {
      await database
        .updateTable('session')
        .set({ seen_at_ms: nowMs })
        .where('token_hash', '=', tokenHash)
        .execute();
    },
    sessions: async (userId, nowMs) => {
      const rows = await openSessions(database, nowMs)
        .where('session.user_id', '=', userId)
        .orderBy('session.created_at_ms')
        .execute();
      return rows.map(toSession);
    },
    endSession: async (tokenHash) => {
      await database.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
    },
    endSessions: async ({ userId, sessionId, exceptSessionId }) => {
      let query = database.deleteFrom('session').where('user_id', '=', userId);
      if (sessionId !== undefined) query = query.where('session_id', '=', sessionId);
      if (exceptSessionId !== undefined) query = query.where('session_id', '!=', exceptSessionId);
      const { numDeletedRows } = await query.executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

function openSessions(database: Database, nowMs: number) {
  return (
    database
      .selectFrom('session')
      .innerJoin('account', 'account.user_id', 'session.user_id')
      .select([
        'session.session_id',
        'session.user_id',
        'account.username',
        'account.role',
        'account.scope',
        'session.created_at_ms',
        'session.seen_at_ms',
        'session.expires_at_ms',
        'session.address',
        'session.program',
      ])
      .where('account.disabled', '=', 0)
      .where('session.expires_at_ms', '>', nowMs)
      // Made at a time that has not come yet: the clock was set, and nobody knows how old it is.
      .where('session.created_at_ms', '<=', nowMs + clockToleranceMs)
  );
}

type Row = Awaited<ReturnType<ReturnType<typeof openSessions>['execute']>>[number];

function toSession(row: Row): Session {
  return {
    sessionId: row.session_id,
    userId: row.user_id,
    username: row.username,
    role: row.role as Role,
    scope: JSON.parse(row.scope) as Scope,
    createdAtMs: Number(row.created_at_ms),
    seenAtMs: Number(row.seen_at_ms),
    expiresAtMs: Number(row.expires_at_ms),
    address: row.address,
    program: row.program,
  };
}
