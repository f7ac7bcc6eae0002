/** What stands against a deletion: a hold, or something that hangs on it. Asked when it is looked for, and again when it goes. */
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Tables } from './tables.ts';

export const eventMayGo = (build: ExpressionBuilder<Tables, 'event'>): Expression<SqlBool> =>
  build.and([
    build.not(
      build.exists(
        build
          .selectFrom('hold')
          .select('hold.event_id')
          .whereRef('hold.event_id', '=', 'event.event_id'),
      ),
    ),
    build.not(
      build.exists(
        build
          .selectFrom('snapshot')
          .select('snapshot.event_id')
          .whereRef('snapshot.event_id', '=', 'event.event_id'),
      ),
    ),
    build.not(
      build.exists(
        build
          .selectFrom('clip_event')
          .innerJoin('clip', 'clip.clip_id', 'clip_event.clip_id')
          .select('clip_event.event_id')
          .whereRef('clip_event.event_id', '=', 'event.event_id'),
      ),
    ),
  ]);

export const snapshotMayGo = (
  build: Pick<ExpressionBuilder<Tables, 'snapshot'>, 'not' | 'exists' | 'selectFrom'>,
): Expression<SqlBool> =>
  build.not(
    build.exists(
      build
        .selectFrom('hold')
        .select('hold.event_id')
        .where(sql<SqlBool>`hold.event_id = snapshot.event_id`),
    ),
  );

export const clipMayGo = (build: ExpressionBuilder<Tables, 'clip'>): Expression<SqlBool> =>
  build.not(
    build.exists(
      build
        .selectFrom('clip_event')
        .innerJoin('hold', 'hold.event_id', 'clip_event.event_id')
        .select('clip_event.event_id')
        .whereRef('clip_event.clip_id', '=', 'clip.clip_id'),
    ),
  );
