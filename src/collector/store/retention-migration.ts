/** Holds, what has been deleted and not yet certified, and the order by age that the deletion goes by. */
import type { Migration } from 'kysely/migration';

export const retentionTables: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('hold')
      .addColumn('event_id', 'text', (column) => column.primaryKey())
      .addColumn('camera_id', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('held_by', 'text', (column) => column.notNull())
      .addColumn('held_at_ms', 'bigint', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('deleted_item')
      .addColumn('class', 'text', (column) => column.notNull())
      .addColumn('item_id', 'text', (column) => column.notNull())
      .addColumn('camera_id', 'text')
      .addColumn('stored_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('why', 'text', (column) => column.notNull())
      .addColumn('file_left', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('deleted_item_key', ['class', 'item_id'])
      .execute();
    await database.schema
      .createIndex('event_by_age')
      .on('event')
      .column('received_at_ms')
      .execute();
    await database.schema
      .createIndex('snapshot_by_age')
      .on('snapshot')
      .column('received_at_ms')
      .execute();
  },
};
