/**
 * Writes the register. A route says in its config what it is there; the row is written before the answer goes out, and an
 * answer whose row cannot be written does not go out. Refusals to those who are signed in are written too.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { AuditAction } from '../../contract/audit-view.ts';
import type { AuditEntry, Register } from '../store/audit.ts';
import type { Store } from '../store/store.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the register says when this route has done its work. */
    audit?: AuditAction;
  }
  interface FastifyRequest {
    /** What the register tells besides; a handler sets it. Never a secret. */
    auditDetail: Readonly<Record<string, unknown>> | undefined;
    /** Set by the guard when it says no. */
    refusedBecause: 'role' | 'scope' | undefined;
  }
}

type Parts = Readonly<{
  store: Pick<Register, 'record'> & Pick<Store, 'cameraOf'>;
  logger: Logger;
  now: () => number;
}>;

export function addAuditHook(app: FastifyInstance, { store, logger, now }: Parts): void {
  app.decorateRequest('auditDetail');
  app.decorateRequest('refusedBecause');
  const write = async (request: FastifyRequest): Promise<void> => {
    const { audit } = request.routeOptions.config;
    if (audit !== undefined) await store.record(await entryOf(request, audit, { store, now }));
  };
  app.addHook('preHandler', async (request) => {
    if (request.ws) await write(request);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.refusedBecause !== undefined) {
      await writeRefusal(request, { store, now }).catch((error: unknown) =>
        logger.error({ reason: String(error) }, 'a refusal could not be written to the register'),
      );
    } else if (reply.statusCode < 400 && !request.ws) await write(request);
    return payload;
  });
}

/** For what is no route's plain success: signing in, and what edges do. */
export function entryFor(
  request: FastifyRequest,
  entry: Pick<AuditEntry, 'action' | 'outcome'> & Readonly<{ actor?: string }>,
  atMs: number,
  detail?: Readonly<Record<string, unknown>>,
): AuditEntry {
  return {
    atMs,
    address: request.ip,
    actor: request.session?.username ?? '',
    ...entry,
    ...(detail === undefined ? {} : { detail: JSON.stringify(detail) }),
  };
}

async function entryOf(
  request: FastifyRequest,
  action: AuditAction,
  { store, now }: Pick<Parts, 'now'> & Readonly<{ store: Pick<Store, 'cameraOf'> }>,
): Promise<AuditEntry> {
  const cameraId = await cameraOf(request, store);
  const object = objectOf(request);
  return {
    ...entryFor(request, { action, outcome: 'done' }, now(), request.auditDetail),
    ...(cameraId === undefined ? {} : { cameraId }),
    ...(object === undefined ? {} : { object }),
  };
}

async function writeRefusal(
  request: FastifyRequest,
  { store, now }: Pick<Parts, 'store' | 'now'>,
): Promise<void> {
  const detail = { because: request.refusedBecause };
  const route = `${request.method} ${request.routeOptions.url} ${objectOf(request) ?? ''}`.trim();
  const entry = entryFor(request, { action: 'access', outcome: 'refused' }, now(), detail);
  await store.record({ ...entry, object: route });
}

function objectOf({ params }: FastifyRequest): string | undefined {
  const [first] = Object.entries(params as Readonly<Record<string, string>>);
  return first === undefined ? undefined : `${first[0].replace(/Id$/, '')} ${first[1]}`;
}

async function cameraOf(
  { params }: FastifyRequest,
  store: Pick<Store, 'cameraOf'>,
): Promise<string | undefined> {
  const { cameraId, alarmId, eventId } = params as Readonly<Record<string, string>>;
  if (cameraId !== undefined) return cameraId;
  if (alarmId !== undefined) return store.cameraOf('alarm', alarmId);
  return eventId === undefined ? undefined : store.cameraOf('event', eventId);
}
