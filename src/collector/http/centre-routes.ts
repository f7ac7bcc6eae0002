/** What the duty room has to know of the centre itself: that its database was damaged, its clock jumped or a certificate runs out. */
import { Type } from 'typebox';
import { CentreView } from '../../contract/centre-view.ts';
import { type Damage, damageSetting } from '../store/damage.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { Refusal } from './http-error.ts';
import type { RetentionDesk } from './retention-routes.ts';

const tags = ['centre'];

export function addCentreRoutes(
  app: App,
  store: Pick<Store, 'setting' | 'changeSetting'>,
  retention: Pick<RetentionDesk, 'clockJump'> | undefined,
  certificateEndsAtMs: () => number | undefined = () => undefined,
): void {
  app.get(
    '/api/centre',
    {
      config: { policy: { action: 'directory.read', object: 'none' } },
      schema: {
        summary: 'The condition of the centre',
        tags,
        response: { 200: CentreView, 401: Refusal, 403: Refusal },
      },
    },
    async () => {
      const noted = await store.setting(damageSetting);
      const clockJump = retention?.clockJump();
      const endsAtMs = certificateEndsAtMs();
      const jumped = {
        ...(clockJump === undefined ? {} : { clockJump }),
        ...(endsAtMs === undefined ? {} : { certificateEndsAtMs: endsAtMs }),
      };
      if (noted === undefined) return jumped;
      const { atMs, reason, kept } = JSON.parse(noted) as Damage;
      // Where the damaged file stands is told in the log: a path is nothing for every screen.
      const { event: events = 0, alarm: alarms = 0 } = kept;
      return { ...jumped, damage: { atMs, reason, events, alarms } };
    },
  );
  app.delete(
    '/api/centre/damage',
    {
      config: { policy: { action: 'system.change', object: 'centre' } },
      schema: {
        summary: 'The damage has been looked after; it is no longer told',
        tags,
        response: { 204: Type.Null(), 401: Refusal, 403: Refusal },
      },
    },
    async (_request, reply) => {
      await store.changeSetting(damageSetting, undefined);
      return reply.code(204).send(null);
    },
  );
}
