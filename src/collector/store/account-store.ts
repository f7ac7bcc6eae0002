/** Users, their sessions and small settings. Passwords and session tokens are here as hashes only. */
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

export type AccountStore = Pick<
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

export function createAccountStore(database: Database): AccountStore {
  return {
    userCount: async () => {
      const row = await database
        .selectFrom('account')
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    createUser: async ({ userId, username, passwordHash }) => {
      const values = { user_id: userId, username, password_hash: passwordHash };
      await database.insertInto('account').values(values).execute();
    },
    userByName: async (username) => {
      const row = await database
        .selectFrom('account')
        .selectAll()
        .where('username', '=', username)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return { userId: row.user_id, username: row.username, passwordHash: row.password_hash };
    },
    createSession: async (tokenHash, userId, expiresAtMs) => {
      const values = { token_hash: tokenHash, user_id: userId, expires_at_ms: expiresAtMs };
      await database.insertInto('session').values(values).execute();
    },
    session: async (tokenHash, nowMs) => {
      const row = await database
        .selectFrom('session')
        .innerJoin('account', 'account.user_id', 'session.user_id')
        .select(['session.user_id', 'account.username', 'session.expires_at_ms'])
        .where('session.token_hash', '=', tokenHash)
        .where('session.expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        userId: row.user_id,
        username: row.username,
        expiresAtMs: Number(row.expires_at_ms),
      };
    },
    endSession: async (tokenHash) => {
      await database.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
    },
    ...settingsIn(database),
  };
}

function settingsIn(database: Database): Pick<AccountStore, 'setting' | 'changeSetting'> {
  return {
    setting: async (name) => {
      const row = await database
        .selectFrom('setting')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.value;
    },
    changeSetting: async (name, value) => {
      if (value === undefined) {
        await database.deleteFrom('setting').where('name', '=', name).execute();
        return;
      }
      await database
        .insertInto('setting')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}
