/** What the lane is told: what was not said and why; and what waits or is being said is stopped at once. */
import { Type } from 'typebox';
import { AlarmView, AnnouncementRecord } from '../../contract/console-api.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { Query } from './body.ts';
import { HttpRefusal, noSuch, Refusal } from './http-error.ts';

type Parts = Readonly<{
  store: Pick<Store, 'alarm' | 'announcements'>;
  /** False when it is over already. */
  cancel: (announcementId: string) => boolean;
}>;

export function addAnnouncementRoutes(app: App, { store, cancel }: Parts): void {
  app.get(
    '/api/announcements',
    {
      config: { policy: { action: 'alarm.read', object: 'list' } },
      schema: {
        summary: 'The newest announcements, or those that were not said',
        tags: ['alarms'],
        querystring: Query({
          failedOnly: Type.Boolean({ default: false }),
          limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
        }),
        response: { 200: Type.Array(AnnouncementRecord) },
      },
    },
    async ({ query, reach: { cameraIds } }) => [
      ...(await store.announcements({ ...query, cameraIds })),
    ],
  );
  app.post(
    '/api/alarms/:alarmId/stop-announcement',
    {
      config: {
        policy: { action: 'speaker.use', object: 'alarm' },
        audit: 'announcement-stopped',
      },
      schema: {
        summary: 'Stop what the lane is being told because of this alarm',
        tags: ['alarms'],
        params: Type.Object({ alarmId: Type.String({ maxLength: 64 }) }),
        response: { 200: AlarmView, 404: Refusal, 409: Refusal },
      },
    },
    async ({ params: { alarmId } }) => {
      const alarm = await store.alarm(alarmId);
      if (alarm === undefined) throw noSuch('alarm', alarmId);
      const { announcement } = alarm;
      if (announcement === undefined || !cancel(announcement.announcementId))
        throw new HttpRefusal(409, 'conflict', 'nothing is being said for this alarm any more');
      return alarm;
    },
  );
}
