/** Templates of what rules have to say. */
import type { Migration } from 'kysely/migration';
import type { VoiceTemplate } from '../../contract/voice.ts';
import type { Store } from './store.ts';
import type { Connection, Database } from './tables.ts';

export const voiceTemplateTable: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('voice_template')
      .addColumn('template_id', 'text', (column) => column.primaryKey())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('saved_by', 'text', (column) => column.notNull())
      .addColumn('saved_at_ms', 'bigint', (column) => column.notNull())
      .execute();
  },
};

export function createVoiceTemplateStore(
  database: Database,
): Pick<Store, 'voiceTemplates' | 'saveVoiceTemplate' | 'removeVoiceTemplate'> {
  return {
    voiceTemplates: () => voiceTemplates(database),
    saveVoiceTemplate: async (template, by, nowMs) => {
      const values = { body: JSON.stringify(template), saved_by: by, saved_at_ms: nowMs };
      await database
        .insertInto('voice_template')
        .values({ template_id: template.templateId, ...values })
        .onConflict((conflict) => conflict.column('template_id').doUpdateSet(values))
        .execute();
    },
    removeVoiceTemplate: async (templateId) => {
      const { numDeletedRows } = await database
        .deleteFrom('voice_template')
        .where('template_id', '=', templateId)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

export async function voiceTemplates(connection: Connection): Promise<readonly VoiceTemplate[]> {
  const rows = await connection.selectFrom('voice_template').select('body').execute();
  const templates = rows.map(({ body }) => JSON.parse(body) as VoiceTemplate);
  return templates.sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'));
}
