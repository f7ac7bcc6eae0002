/** What webhooks did not take within the time, and sending it again by hand. */
import { Type } from 'typebox';
import { GivenUpDelivery } from '../../contract/given-up-delivery.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { noSuch, Refusal } from './http-error.ts';

const tags = ['webhooks'];
const policy = { action: 'system.change', object: 'centre' } as const;
const atMost = 200;

type Parts = Readonly<{
  store: Pick<Store, 'givenUpDeliveries' | 'retryDelivery'>;
  now: () => number;
}>;

export function addWebhookRoutes(app: App, { store, now }: Parts): void {
  app.get(
    '/api/webhooks/given-up',
    {
      config: { policy },
      schema: {
        summary: 'What no receiver took within a day, newest first, 200 at most; kept for a week',
        tags,
        response: { 200: Type.Array(GivenUpDelivery), 401: Refusal, 403: Refusal },
      },
    },
    async () => [...(await store.givenUpDeliveries(atMost))],
  );
  app.post(
    '/api/webhooks/given-up/:deliveryId/retry',
    {
      config: { policy, audit: 'webhook-retried' },
      schema: {
        summary: 'Send it again, for another day; the receiver knows it by its webhook-id',
        tags,
        params: Type.Object({ deliveryId: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null(), 400: Refusal, 401: Refusal, 403: Refusal, 404: Refusal },
      },
    },
    async (request, reply) => {
      const { deliveryId } = request.params;
      if (!(await store.retryDelivery(deliveryId, now()))) throw noSuch('delivery', deliveryId);
      request.auditDetail = { deliveryId };
      return reply.code(204).send(null);
    },
  );
}
