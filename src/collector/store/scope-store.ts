/** Which cameras a scope reaches, and to which camera an object belongs: what the check of rights asks for. */
import type { CameraPlace, Store } from './store.ts';
import type { Database } from './tables.ts';

export type ScopeStore = Pick<Store, 'camerasIn' | 'cameraOf' | 'speakersIn'>;

/** A zone is reached by who reaches all of its speakers. */
export type SpeakerZone = Readonly<{ speakerId: string; speakerIds: readonly string[] }>;

export function createScopeStore(
  database: Database,
  places: readonly CameraPlace[],
  zones: readonly SpeakerZone[],
): ScopeStore {
  return {
    camerasIn: async (scope) => {
      if (scope.kind === 'all') return undefined;
      const grids = new Set(scope.grids);
      const ofGrids = places.filter(({ grid }) => grid !== undefined && grids.has(grid));
      return new Set([...scope.cameras, ...ofGrids.map(({ cameraId }) => cameraId)]);
    },
    speakersIn: (cameraIds) => {
      const beside = new Set(
        places.flatMap(({ cameraId, speakerId }) =>
          speakerId !== undefined && cameraIds.has(cameraId) ? [speakerId] : [],
        ),
      );
      const whole = zones.filter(
        ({ speakerIds }) => speakerIds.length > 0 && speakerIds.every((id) => beside.has(id)),
      );
      return new Set([...beside, ...whole.map(({ speakerId }) => speakerId)]);
    },
    cameraOf: async (object, id) => {
      const row =
        object === 'alarm'
          ? await database
              .selectFrom('alarm')
              .select('camera_id')
              .where('alarm_id', '=', id)
              .executeTakeFirst()
          : await database
              .selectFrom('event')
              .select('camera_id')
              .where('event_id', '=', id)
              .executeTakeFirst();
      return row?.camera_id;
    },
  };
}
