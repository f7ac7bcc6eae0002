/** The operator's hand on what the lane is told: an announcement that waits or is being said is stopped at once. */
import { Type } from 'typebox';
import { AlarmView } from '../../contract/console-api.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { HttpRefusal, noSuch, Refusal } from './http-error.ts';

type Parts = Readonly<{
  store: Pick<Store, 'alarm'>;
  /** False when it is over already. */
  cancel: (announcementId: string) => boolean;
}>;

export function addAnnouncementRoutes(app: App, { store, cancel }: Parts): void {
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
