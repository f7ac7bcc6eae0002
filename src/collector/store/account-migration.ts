/** Roles, scopes and sessions that can be listed. Who had an account before was the administrator of everything. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const accountColumns: Migration = {
  up: async (database) => {
    await addText(database, 'account', 'role', 'administrator');
    await addText(database, 'account', 'scope', '{"kind":"all"}');
    await addNumber(database, 'account', 'disabled');
    await addNumber(database, 'account', 'created_at_ms');
    await database.schema.alterTable('account').addColumn('reset_hash', 'text').execute();
    await addNumber(database, 'account', 'reset_expires_at_ms');
    // Sessions of before have no name by which they could be ended: their users sign in again.
    await database.deleteFrom('session').execute();
    await addText(database, 'session', 'session_id', '');
    await addText(database, 'session', 'address', '');
    await addText(database, 'session', 'program', '');
    await addNumber(database, 'session', 'created_at_ms');
    await addNumber(database, 'session', 'seen_at_ms');
    await database.schema
      .createIndex('session_by_user')
      .on('session')
      .columns(['user_id', 'session_id'])
      .execute();
  },
};

type Any = Kysely<unknown>;

async function addText(database: Any, table: string, name: string, value: string): Promise<void> {
  await database.schema
    .alterTable(table)
    .addColumn(name, 'text', (column) => column.notNull().defaultTo(value))
    .execute();
}

async function addNumber(database: Any, table: string, name: string): Promise<void> {
  await database.schema
    .alterTable(table)
    .addColumn(name, 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
}
