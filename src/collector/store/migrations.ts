/** How the tables came to be, step by step; steps are only ever added at the end. */
import { sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';
import { accountColumns } from './account-migration.ts';
import { alarmNumbers } from './alarm-numbers.ts';
import { auditTable } from './audit-migration.ts';
import { camerasByEdge } from './camera-rows.ts';
import { clipPlaces } from './clip-store.ts';
import { edgeCertificates } from './edge-certificates.ts';
import { edgeCredentialTables } from './edge-credential-store.ts';
import { givenUpColumn } from './given-up-deliveries.ts';
import { openCallTable } from './open-call-store.ts';
import { retentionTables } from './retention-migration.ts';
import { announcementTimes } from './unanswered-warnings.ts';
import { voiceTemplateTable } from './voice-template-store.ts';
import { webhookTable } from './webhook-store.ts';

const firstTables: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('event')
      .addColumn('event_id', 'text', (column) => column.primaryKey())
      .addColumn('edge_id', 'text', (column) => column.notNull())
      .addColumn('camera_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .addColumn('captured_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('received_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createIndex('event_by_camera')
      .on('event')
      .columns(['camera_id', 'captured_at_ms'])
      .execute();
    await database.schema
      .createTable('snapshot')
      .addColumn('event_id', 'text', (column) => column.primaryKey())
      .addColumn('received_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('jpeg', 'blob', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('quarantine')
      .addColumn('quarantine_id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('topic', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('payload', 'blob', (column) => column.notNull())
      .execute();
  },
};

const alarmTables: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('alarm')
      .addColumn('alarm_id', 'text', (column) => column.primaryKey())
      .addColumn('event_id', 'text', (column) => column.notNull().unique())
      .addColumn('camera_id', 'text', (column) => column.notNull())
      .addColumn('rule_key', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('raised_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createIndex('alarm_by_rule')
      .on('alarm')
      .columns(['rule_key', 'raised_at_ms'])
      .execute();
    await database.schema
      .createIndex('alarm_by_state')
      .on('alarm')
      .columns(['state', 'raised_at_ms'])
      .execute();
    await database.schema
      .createTable('announcement')
      .addColumn('announcement_id', 'text', (column) => column.primaryKey())
      .addColumn('alarm_id', 'text', (column) => column.notNull().unique())
      .addColumn('speaker_id', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('wording', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text')
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
  },
};

const directoryTables: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('edge')
      .addColumn('edge_id', 'text', (column) => column.primaryKey())
      .addColumn('boot_id', 'text', (column) => column.notNull())
      .addColumn('online', 'integer', (column) => column.notNull())
      .addColumn('since_ms', 'bigint', (column) => column.notNull())
      .addColumn('outbox_rows', 'integer', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('camera')
      .addColumn('camera_id', 'text', (column) => column.primaryKey())
      .addColumn('edge_id', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('rules')
      .addColumn('camera_id', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('saved_by', 'text', (column) => column.notNull())
      .addColumn('saved_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('rules_key', ['camera_id', 'version'])
      .execute();
  },
};

const consoleTables: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('feed')
      .addColumn('feed_id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('account')
      .addColumn('user_id', 'text', (column) => column.primaryKey())
      .addColumn('username', 'text', (column) => column.notNull().unique())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('session')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('setting')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
  },
};

const sequenceTables: Migration = {
  up: async (database) => {
    await database.schema
      .createIndex('event_by_sequence')
      .on('event')
      .columns(['edge_id', 'sequence'])
      .execute();
    await database.schema
      .createTable('sequence_mark')
      .addColumn('edge_id', 'text', (column) => column.primaryKey())
      .addColumn('accounted', 'bigint', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('sequence_settled')
      .addColumn('edge_id', 'text', (column) => column.notNull())
      .addColumn('first', 'bigint', (column) => column.notNull())
      .addColumn('last', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('sequence_settled_key', ['edge_id', 'first', 'last'])
      .execute();
    // What came before anybody watched is taken as it is.
    await sql`insert into sequence_mark select edge_id, max(sequence) from event group by edge_id`.execute(
      database,
    );
    await database.schema.alterTable('edge').addColumn('storage_fault', 'text').execute();
  },
};

const blindTable: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('blind_time')
      .addColumn('camera_id', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('rule_id', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('edge_id', 'text', (column) => column.notNull())
      .addColumn('seconds', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('blind_time_key', [
        ...(['camera_id', 'day', 'rule_id', 'reason', 'edge_id'] as const),
      ])
      .execute();
  },
};

const clipTables: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('clip')
      .addColumn('clip_id', 'text', (column) => column.primaryKey())
      .addColumn('edge_id', 'text', (column) => column.notNull())
      .addColumn('camera_id', 'text', (column) => column.notNull())
      .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('duration_ms', 'bigint', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('received_at_ms', 'bigint', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('clip_event')
      .addColumn('event_id', 'text', (column) => column.notNull())
      .addColumn('clip_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('clip_event_key', ['event_id', 'clip_id'])
      .execute();
    await database.schema.createIndex('clip_by_age').on('clip').column('received_at_ms').execute();
    await database.schema
      .createIndex('clip_event_by_clip')
      .on('clip_event')
      .column('clip_id')
      .execute();
  },
};

export const migrations: MigrationProvider = {
  getMigrations: async () => ({
    '001-events': firstTables,
    '002-alarms': alarmTables,
    '003-directory': directoryTables,
    '004-console': consoleTables,
    '010-accounts': accountColumns,
    '010-sequences': sequenceTables,
    '011-audit': auditTable,
    '013-blind-time': blindTable,
    '012-voice-templates': voiceTemplateTable,
    '013-edge-credentials': edgeCredentialTables,
    '014-clips': clipTables,
    '016-webhooks': webhookTable,
    '017-retention': retentionTables,
    '022-announcement-times': announcementTimes,
    '023-alarm-numbers': alarmNumbers,
    '027-open-calls': openCallTable,
    '028-edge-certificates': edgeCertificates,
    '029-cameras-by-edge': camerasByEdge,
    '030-given-up-deliveries': givenUpColumn,
    '031-clip-places': clipPlaces,
  }),
};
