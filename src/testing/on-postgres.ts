/** A suite on a real PostgreSQL of its own: skipped, and said so, where the server is not installed. */
import { afterAll, beforeAll, test } from 'vitest';
import { createTestPostgres, postgresPrograms, type TestPostgres } from './postgres.ts';
import { useCluster } from './store-database.ts';

/** The cluster can be asked for as soon as the first test runs. */
export async function onPostgres(
  suite: (cluster: () => TestPostgres) => Promise<void>,
): Promise<void> {
  if (postgresPrograms() === undefined) {
    test.skip('PostgreSQL is not installed: apt-get install postgresql', () => undefined);
    return;
  }
  let cluster: TestPostgres;
  beforeAll(async () => {
    cluster = await createTestPostgres();
    useCluster(cluster);
  });
  afterAll(() => cluster.remove());
  await suite(() => cluster);
}
