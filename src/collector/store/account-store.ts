/** Users and small settings as rows. Passwords and tokens are here as hashes only. */
import type { Role, Scope } from '../../contract/access-rights.ts';
import type { Accounts, User, UserChange } from './account.ts';
import { createSessionStore } from './session-store.ts';
import type { Connection, Database, Tables } from './tables.ts';

export function createAccountStore(database: Database): Accounts {
  return {
    userCount: async () => {
      const row = await database
        .selectFrom('account')
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    createUser: async (user) => {
      const added = await database
        .insertInto('account')
        .values({
          user_id: user.userId,
          username: user.username,
          created_at_ms: user.createdAtMs,
          password_hash: user.passwordHash,
          role: user.role,
          scope: JSON.stringify(user.scope),
          disabled: Number(user.disabled),
          reset_hash: user.reset?.tokenHash ?? null,
          reset_expires_at_ms: user.reset?.expiresAtMs ?? 0,
        })
        .onConflict((conflict) => conflict.column('username').doNothing())
        .returning('user_id')
        .executeTakeFirst();
      return added !== undefined;
    },
    users: async () => {
      const rows = await database.selectFrom('account').selectAll().orderBy('username').execute();
      return rows.map(toUser);
    },
    user: (userId) => findUser(database, 'user_id', userId),
    userByName: (username) => findUser(database, 'username', username),
    userByReset: async (tokenHash, nowMs) => {
      const user = await findUser(database, 'reset_hash', tokenHash);
      return user !== undefined && (user.reset?.expiresAtMs ?? 0) > nowMs ? user : undefined;
    },
    changeUser: (userId, change) => changeUser(database, userId, change),
    ...createSessionStore(database),
    ...settingsIn(database),
  };
}

async function findUser(
  connection: Connection,
  column: 'user_id' | 'username' | 'reset_hash',
  value: string,
): Promise<User | undefined> {
  const row = await connection
    .selectFrom('account')
    .selectAll()
    .where(column, '=', value)
    .executeTakeFirst();
  return row === undefined ? undefined : toUser(row);
}

function toUser(row: Tables['account']): User {
  return {
    userId: row.user_id,
    username: row.username,
    passwordHash: row.password_hash,
    role: row.role as Role,
    scope: JSON.parse(row.scope) as Scope,
    disabled: Number(row.disabled) === 1,
    createdAtMs: Number(row.created_at_ms),
    ...(row.reset_hash === null
      ? {}
      : { reset: { tokenHash: row.reset_hash, expiresAtMs: Number(row.reset_expires_at_ms) } }),
  };
}

class LastAdministrator extends Error {}

async function changeUser(
  database: Database,
  userId: string,
  change: UserChange,
): ReturnType<Accounts['changeUser']> {
  const values = rowOf(change);
  try {
    return await database.transaction().execute(async (transaction) => {
      const before = await findUser(transaction, 'user_id', userId);
      if (before === undefined) return 'unknown';
      if (Object.keys(values).length === 0) return 'changed';
      await transaction.updateTable('account').set(values).where('user_id', '=', userId).execute();
      // Thrown, so that the change is taken back.
      if (!(await hasAdministrator(transaction))) throw new LastAdministrator();
      return 'changed';
    });
  } catch (error) {
    if (error instanceof LastAdministrator) return 'last-administrator';
    throw error;
  }
}

function rowOf(change: UserChange): Partial<Tables['account']> {
  return {
    ...(change.role === undefined ? {} : { role: change.role }),
    ...(change.scope === undefined ? {} : { scope: JSON.stringify(change.scope) }),
    ...(change.disabled === undefined ? {} : { disabled: Number(change.disabled) }),
    ...(change.passwordHash === undefined ? {} : { password_hash: change.passwordHash }),
    ...('reset' in change
      ? {
          reset_hash: change.reset?.tokenHash ?? null,
          reset_expires_at_ms: change.reset?.expiresAtMs ?? 0,
        }
      : {}),
  };
}

async function hasAdministrator(connection: Connection): Promise<boolean> {
  const rows = await connection
    .selectFrom('account')
    .selectAll()
    .where('role', '=', 'administrator')
    .where('disabled', '=', 0)
    .execute();
  return rows.map(toUser).some(({ scope }) => scope.kind === 'all');
}

function settingsIn(
  database: Database,
): Pick<Accounts, 'setting' | 'changeSetting' | 'settleSetting' | 'takeSetting'> {
  const setting: Accounts['setting'] = async (name) => {
    const row = await database
      .selectFrom('setting')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.value;
  };
  return {
    setting,
    settleSetting: async (name, value) => {
      await database
        .insertInto('setting')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      return (await setting(name)) ?? value;
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
    takeSetting: async (name, value) => {
      const taken = await database
        .deleteFrom('setting')
        .where('name', '=', name)
        .where('value', '=', value)
        .returning('name')
        .executeTakeFirst();
      return taken !== undefined;
    },
  };
}
