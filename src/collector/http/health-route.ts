/**
 * `/health` for watchers: whether the collector can do its work, that is hear its edges, write to its database, come to the end
 * of what it takes, and still has room on its disk.
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

const Health = Type.Object({
  ok: Type.Boolean(),
  store: StoreHealth,
  /** Connected, and hearing the edges. */
  broker: Type.Boolean(),
  intake: Type.Union([Type.Literal('well'), Type.Literal('stalled')]),
  /** Of the data folder. */
  disk: Type.Union([Type.Literal('well'), Type.Literal('low')]),
});

export type HealthSources = Readonly<{
  intake: () => 'well' | 'stalled';
  disk: () => Promise<'well' | 'low'>;
}>;

/** Of a centre of which nothing more is known. */
const nothingKnown: HealthSources = { intake: () => 'well', disk: async () => 'well' };

const probeEveryMs = 2000;

type Parts = Readonly<{
  store: Pick<Store, 'changeSetting'>;
  brokerConnected: () => boolean;
  condition?: HealthSources | undefined;
  now: () => number;
}>;

export function addHealthRoute(app: App, parts: Parts): void {
  const { store, brokerConnected, condition = nothingKnown, now } = parts;
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
      const intake = condition.intake();
      // A folder that cannot be asked has no room either.
      const disk = await condition.disk().catch(() => 'low' as const);
      const ok = health === 'well' && broker && intake === 'well' && disk === 'well';
      return reply.code(ok ? 200 : 503).send({ ok, store: health, broker, intake, disk });
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
