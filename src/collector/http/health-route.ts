/**
 * `/health` for watchers: whether the collector can do its work, that is reach its broker and write to its database.
 * The database is tried by writing, since a full disk still reads; at most once in two seconds, however often it is asked.
 */
import { Type } from 'typebox';
import type { Store } from '../store/store.ts';
import { storeFaultOf } from '../store/store-fault.ts';
import type { App } from './app.ts';

const StoreHealth = Type.Union([
  Type.Literal('well'),
  Type.Literal('full'),
  Type.Literal('unreachable'),
  Type.Literal('failing'),
]);
type StoreHealth = 'well' | 'full' | 'unreachable' | 'failing';

const Health = Type.Object({ ok: Type.Boolean(), store: StoreHealth, broker: Type.Boolean() });

const probeEveryMs = 2000;

type Parts = Readonly<{
  store: Pick<Store, 'changeSetting'>;
  brokerConnected: () => boolean;
  now: () => number;
}>;

export function addHealthRoute(app: App, { store, brokerConnected, now }: Parts): void {
  const storeHealth = createProbe(store, now);
  app.get(
    '/health',
    {
      config: { public: true },
      schema: {
        summary: 'Whether the collector can do its work',
        tags: ['health'],
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const health = await storeHealth();
      const broker = brokerConnected();
      const ok = health === 'well' && broker;
      return reply.code(ok ? 200 : 503).send({ ok, store: health, broker });
    },
  );
}

function createProbe(store: Parts['store'], now: () => number): () => Promise<StoreHealth> {
  let probed: Readonly<{ atMs: number; health: Promise<StoreHealth> }> | undefined;
  return () => {
    const nowMs = now();
    // A clock that was set back must not keep an old answer for ever.
    if (probed === undefined || Math.abs(nowMs - probed.atMs) >= probeEveryMs) {
      const health = store.changeSetting('health-probe', String(nowMs)).then(
        () => 'well' as const,
        (error: unknown) => storeFaultOf(error) ?? ('failing' as const),
      );
      probed = { atMs: nowMs, health };
    }
    return probed.health;
  };
}
