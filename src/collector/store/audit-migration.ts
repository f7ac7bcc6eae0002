/** The register of what was done and seen. */
import type { Migration } from 'kysely/migration';

export const auditTable: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('audit')
      .addColumn('number', 'bigint', (column) => column.primaryKey())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('camera_id', 'text')
      .addColumn('object', 'text')
      .addColumn('detail', 'text')
      .addColumn('hash', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createIndex('audit_by_camera')
      .on('audit')
      .columns(['camera_id', 'number'])
      .execute();
  },
};
