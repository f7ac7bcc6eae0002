/**
 * Brings a database to the tables of this version. All steps that are missing are one transaction, on SQLite as on
 * PostgreSQL: one that fails, or a crash in the middle, leaves what was there before. There is no way back down.
 */
import { type MigrationProvider, Migrator } from 'kysely/migration';
import type { Database } from './tables.ts';

/** What is wrong, and what to do; `StoreError` says which database. */
export class UpgradeFault extends Error {
  readonly code = 'upgrade';
  readonly mend: string;
  constructor(reason: string, mend: string, cause?: unknown) {
    super(reason, cause === undefined ? {} : { cause });
    this.name = 'UpgradeFault';
    this.mend = mend;
  }
}

/** Rejects with UpgradeFault, or with what the driver says when the database cannot be reached. */
export async function bringUpToDate(
  database: Database,
  provider: MigrationProvider,
): Promise<void> {
  const migrator = new Migrator({ db: database, provider });
  await refuseNewer(database, provider);
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results.find(({ status }) => status === 'Error');
  if (failed === undefined) throw error;
  throw new UpgradeFault(
    `step ${failed.migrationName} of its upgrade failed: ${reasonOf(error)}`,
    'it is as it was before, so the version before this one can go on with it',
    error,
  );
}

/** A table that is not there yet has no newer steps in it. */
async function refuseNewer(database: Database, provider: MigrationProvider): Promise<void> {
  const known = new Set(Object.keys(await provider.getMigrations()));
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return;
  const steps = await database
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute();
  const unknown = steps.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new UpgradeFault(
    `a newer version has been at work in it: ${unknown.join(', ')}`,
    'start that version again, or restore the backup from before its upgrade',
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
