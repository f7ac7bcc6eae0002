/** Credentials and one-time codes of edges as rows. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { EdgeCredential, EdgeCredentials } from './edge-credential.ts';
import type { Database, Tables } from './tables.ts';

export const edgeCredentialTables: Migration = {
  up: async (database: Kysely<unknown>) => {
    await database.schema
      .createTable('edge_code')
      .addColumn('code_hash', 'text', (column) => column.primaryKey())
      .addColumn('edge_id', 'text', (column) => column.notNull())
      .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('edge_credential')
      .addColumn('edge_id', 'text', (column) => column.primaryKey())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('revoked', 'integer', (column) => column.notNull())
      .execute();
  },
};

/** More than a code is ever given: it was given before the clock was set back. */
const mostCodeLifeMs = 20 * 60_000;

export function createEdgeCredentialStore(database: Database): EdgeCredentials {
  return {
    saveEdgeCode: async ({ codeHash, edgeId, expiresAtMs }) => {
      // A new code voids the one before.
      await database.deleteFrom('edge_code').where('edge_id', '=', edgeId).execute();
      const values = { code_hash: codeHash, edge_id: edgeId, expires_at_ms: expiresAtMs };
      await database.insertInto('edge_code').values(values).execute();
    },
    takeEdgeCode: async (codeHash, edgeId, nowMs) => {
      const taken = await database
        .deleteFrom('edge_code')
        .where('code_hash', '=', codeHash)
        .where('edge_id', '=', edgeId)
        .where('expires_at_ms', '>', nowMs)
        .where('expires_at_ms', '<=', nowMs + mostCodeLifeMs)
        .returning('edge_id')
        .executeTakeFirst();
      return taken !== undefined;
    },
    saveEdgeCredential: async ({ edgeId, passwordHash, createdAtMs }) => {
      const values = { password_hash: passwordHash, created_at_ms: createdAtMs, revoked: 0 };
      await database
        .insertInto('edge_credential')
        .values({ edge_id: edgeId, ...values })
        .onConflict((conflict) => conflict.column('edge_id').doUpdateSet(values))
        .execute();
    },
    edgeCredentials: async () => {
      const rows = await database
        .selectFrom('edge_credential')
        .selectAll()
        .orderBy('edge_id')
        .execute();
      return rows.map(toCredential);
    },
    edgeCredential: async (edgeId) => {
      const row = await database
        .selectFrom('edge_credential')
        .selectAll()
        .where('edge_id', '=', edgeId)
        .executeTakeFirst();
      return row === undefined ? undefined : toCredential(row);
    },
    revokeEdge: async (edgeId) => {
      const row = await database
        .updateTable('edge_credential')
        .set({ revoked: 1 })
        .where('edge_id', '=', edgeId)
        .returning('edge_id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function toCredential(row: Tables['edge_credential']): EdgeCredential {
  return {
    edgeId: row.edge_id,
    passwordHash: row.password_hash,
    createdAtMs: Number(row.created_at_ms),
    revoked: row.revoked === 1,
  };
}
