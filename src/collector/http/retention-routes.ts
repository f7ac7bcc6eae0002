/** Holding recordings beyond their time, the certificates of what was deleted, and what somebody has to say about the clock. */
import { Type } from 'typebox';
import { AlarmView, EventIdParameter } from '../../contract/console-api.ts';
import { type DeletionCertificate, DeletionView } from '../../contract/deletion-certificate.ts';
import { HoldView } from '../../contract/hold-view.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { Body, Query } from './body.ts';
import { userOf } from './guard.ts';
import { HttpRefusal, noSuch, Refusal } from './http-error.ts';

export type RetentionDesk = Readonly<{
  clockJump: () => Readonly<{ fromMs: number; toMs: number }> | undefined;
  confirmClock: () => Promise<boolean>;
}>;

type Parts = Readonly<{
  store: Pick<Store, 'alarm' | 'holdEvent' | 'releaseEvent' | 'holds' | 'auditRows'>;
  retention?: RetentionDesk | undefined;
  now: () => number;
}>;

const tags = ['retention'];
const AlarmParameter = Type.Object({ alarmId: Type.String({ maxLength: 64 }) });
const Reason = Body({
  reason: Type.String({
    minLength: 3,
    maxLength: 300,
    description: 'why; it stands in the register',
  }),
});
const refusals = { 400: Refusal, 401: Refusal, 403: Refusal, 404: Refusal };

export function addRetentionRoutes(app: App, parts: Parts): void {
  addAlarmHolds(app, parts);
  addEventHolds(app, parts);
  addListRoutes(app, parts);
  app.post(
    '/api/centre/clock-confirmation',
    {
      config: { policy: { action: 'system.change', object: 'centre' }, audit: 'clock-confirmed' },
      schema: {
        summary: 'The clock of the centre is right after its jump; what is past its time may go',
        tags,
        response: { 204: Type.Null(), 401: Refusal, 403: Refusal, 409: Refusal },
      },
    },
    async (request, reply) => {
      const jump = parts.retention?.clockJump();
      if (jump === undefined || !(await parts.retention?.confirmClock()))
        throw new HttpRefusal(409, 'conflict', 'the clock has not jumped; nothing is to be said');
      request.auditDetail = jump;
      return reply.code(204).send(null);
    },
  );
}

function addAlarmHolds(app: App, { store, now }: Parts): void {
  const viewOf = async (alarmId: string): Promise<AlarmView> => {
    const alarm = await store.alarm(alarmId);
    if (alarm === undefined) throw noSuch('alarm', alarmId);
    return alarm;
  };
  const schema = {
    tags,
    params: AlarmParameter,
    body: Reason,
    response: { 200: AlarmView, 409: Refusal, ...refusals },
  };
  app.post(
    '/api/alarms/:alarmId/hold',
    {
      config: { policy: { action: 'recording.hold', object: 'alarm' }, audit: 'recording-held' },
      schema: { ...schema, summary: 'Keep the alarm, its event, snapshot and clip until released' },
    },
    async (request) => {
      const { alarmId } = request.params;
      const { eventId } = (await viewOf(alarmId)).event;
      await hold(store, { eventId, ...request.body, by: userOf(request), atMs: now() });
      request.auditDetail = { ...request.body, eventId };
      return viewOf(alarmId);
    },
  );
  app.post(
    '/api/alarms/:alarmId/release',
    {
      config: {
        policy: { action: 'recording.hold', object: 'alarm' },
        audit: 'recording-released',
      },
      schema: { ...schema, summary: 'The alarm need not be kept any longer' },
    },
    async (request) => {
      const { alarmId } = request.params;
      const { eventId } = (await viewOf(alarmId)).event;
      await release(store, eventId, now());
      request.auditDetail = { ...request.body, eventId };
      return viewOf(alarmId);
    },
  );
}

function addEventHolds(app: App, { store, now }: Parts): void {
  const schema = {
    tags,
    params: EventIdParameter,
    body: Reason,
    response: { 204: Type.Null(), 409: Refusal, ...refusals },
  };
  app.post(
    '/api/events/:eventId/hold',
    {
      config: { policy: { action: 'recording.hold', object: 'event' }, audit: 'recording-held' },
      schema: { ...schema, summary: 'Keep the event, its snapshot and clip until released' },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      await hold(store, { eventId, ...request.body, by: userOf(request), atMs: now() });
      request.auditDetail = request.body;
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/events/:eventId/release',
    {
      config: {
        policy: { action: 'recording.hold', object: 'event' },
        audit: 'recording-released',
      },
      schema: { ...schema, summary: 'The event need not be kept any longer' },
    },
    async (request, reply) => {
      await release(store, request.params.eventId, now());
      request.auditDetail = request.body;
      return reply.code(204).send(null);
    },
  );
}

async function hold(
  store: Pick<Store, 'holdEvent'>,
  order: Parameters<Store['holdEvent']>[0],
): Promise<void> {
  if (!(await store.holdEvent(order, order.atMs))) throw noSuch('event', order.eventId);
}

async function release(
  store: Pick<Store, 'releaseEvent'>,
  eventId: string,
  nowMs: number,
): Promise<void> {
  if (!(await store.releaseEvent(eventId, nowMs)))
    throw new HttpRefusal(409, 'conflict', 'it is not held');
}

function addListRoutes(app: App, { store }: Parts): void {
  app.get(
    '/api/holds',
    {
      config: { policy: { action: 'recording.hold', object: 'list' } },
      schema: {
        summary: 'What is held beyond its time, newest first',
        tags,
        response: { 200: Type.Array(HoldView), 401: Refusal, 403: Refusal },
      },
    },
    async ({ reach }) => [...(await store.holds(reach.cameraIds))],
  );
  app.get(
    '/api/deletions',
    {
      config: { policy: { action: 'audit.read', object: 'centre' } },
      schema: {
        summary: 'Certificates of what was deleted, from the register, newest first',
        tags,
        querystring: Query({
          beforeNumber: Type.Optional(Type.Integer({ minimum: 1 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
        }),
        response: { 200: Type.Array(DeletionView), 400: Refusal, 401: Refusal, 403: Refusal },
      },
    },
    async ({ query }) => {
      const { limit = 50, ...before } = query;
      const rows = await store.auditRows({ ...before, action: 'recordings-deleted', limit });
      return rows.map(({ number, atMs, detail }) => ({
        ...{ number, atMs },
        certificate: JSON.parse(detail ?? '{}') as DeletionCertificate,
      }));
    },
  );
}
