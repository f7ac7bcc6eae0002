/** What a route demands of who calls it, declared in the route's own `config`. */
import type { FastifyRequest } from 'fastify';
import type { Action, Scope } from '../../contract/access-rights.ts';
import type { Session } from '../store/account.ts';
import type { Store } from '../store/store.ts';
import { HttpRefusal, noSuch } from './http-error.ts';

/**
 * - `none`: the role decides alone.
 * - `list`: the answer holds only what lies within `request.reach`.
 * - `camera`, `alarm`, `event`, `speaker`: the object that `:cameraId`, `:alarmId`, ... names has to lie within it.
 * - `centre`: for those only whose scope is the whole centre.
 */
type PolicyObject = 'none' | 'list' | 'centre' | 'camera' | 'alarm' | 'event' | 'speaker';
export type Policy = Readonly<{ action: Action; object: PolicyObject }>;

/** The cameras that the user of a request reaches. */
export type Reach = Readonly<{
  /** Undefined: all. */
  cameraIds: ReadonlySet<string> | undefined;
  covers: (cameraId: string) => boolean;
}>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Reachable without a session. */
    public?: boolean;
    /** Called by edges, which carry a ticket and no cookie. */
    fromEdge?: boolean;
    policy?: Policy;
  }
  interface FastifyRequest {
    session?: Session;
    reach: Reach;
  }
}

export const noReach: Reach = { cameraIds: new Set(), covers: () => false };

export async function reachOf(store: Pick<Store, 'camerasIn'>, scope: Scope): Promise<Reach> {
  const cameraIds = await store.camerasIn(scope);
  return { cameraIds, covers: (cameraId) => cameraIds?.has(cameraId) ?? true };
}

/** Throws the same for what is out of reach as for what does not exist. */
export async function checkObject(
  request: FastifyRequest,
  { object }: Policy,
  store: Pick<Store, 'cameraOf' | 'speakersIn'>,
): Promise<void> {
  const refuse = (error: HttpRefusal): HttpRefusal => {
    request.refusedBecause = 'scope';
    return error;
  };
  const { cameraIds, covers } = request.reach;
  if (cameraIds === undefined || object === 'none' || object === 'list') return;
  if (object === 'centre') {
    throw refuse(
      new HttpRefusal(403, 'forbidden', 'this is for those who may see the whole centre'),
    );
  }
  const id = (request.params as Readonly<Record<string, string>>)[`${object}Id`] ?? '';
  if (object === 'speaker') {
    if (!store.speakersIn(cameraIds).has(id)) throw refuse(noSuch('speaker', id));
    return;
  }
  const cameraId = object === 'camera' ? id : await store.cameraOf(object, id);
  if (cameraId === undefined || !covers(cameraId)) throw refuse(noSuch(object, id));
}
