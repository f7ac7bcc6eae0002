/** Until when the certificate is good by which each edge knows its broker, as the edge last said. */
import type { Migration } from 'kysely/migration';

export const edgeCertificates: Migration = {
  up: async (database) => {
    await database.schema
      .alterTable('edge')
      .addColumn('certificate_ends_at_ms', 'bigint')
      .execute();
  },
};
