/** Alarms and the events behind them. */
import { Type } from 'typebox';
import {
  AlarmState,
  AlarmView,
  CloseReason,
  EventIdParameter,
} from '../../contract/console-api.ts';
import { Id } from '../../contract/id.ts';
import { RuleEvent } from '../../contract/rule-event.ts';
import type { Alarm } from '../alarms/alarm.ts';
import { type AlarmChange, acknowledge, close } from '../alarms/alarms.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { Body, Query } from './body.ts';
import { userOf } from './guard.ts';
import { HttpRefusal, noSuch, Refusal } from './http-error.ts';

type Parts = Readonly<{
  store: Pick<Store, 'alarms' | 'alarm' | 'changeAlarm' | 'event' | 'snapshot'>;
  now: () => number;
}>;

const tags = ['alarms'];
const AlarmId = Type.String({ maxLength: 64 });
const Params = Type.Object({ alarmId: AlarmId });
const Limit = Type.Integer({ minimum: 1, maximum: 500, default: 100 });

export function addAlarmRoutes(app: App, { store, now }: Parts): void {
  app.get(
    '/api/alarms',
    {
      config: { policy: { action: 'alarm.read', object: 'list' } },
      schema: {
        summary: 'Alarms, newest first',
        tags,
        querystring: Query({
          state: Type.Optional(Type.Union([AlarmState, Type.Array(AlarmState)])),
          cameraId: Type.Optional(Id),
          beforeMs: Type.Optional(Type.Integer()),
          /** The id of the last one of a page, for the next page. */
          before: Type.Optional(AlarmId),
          limit: Type.Optional(Limit),
        }),
        response: { 200: Type.Array(AlarmView), 400: Refusal },
      },
    },
    async ({ query, reach }) => {
      const { state, cameraId, beforeMs, before, limit = 100 } = query;
      return [
        ...(await store.alarms({
          limit,
          ...(reach.cameraIds === undefined ? {} : { cameraIds: reach.cameraIds }),
          ...(state === undefined ? {} : { states: Array.isArray(state) ? state : [state] }),
          ...(cameraId === undefined ? {} : { cameraId }),
          ...(beforeMs === undefined ? {} : { beforeMs }),
          ...(before === undefined ? {} : { before }),
        })),
      ];
    },
  );

  app.get(
    '/api/alarms/:alarmId',
    {
      config: { policy: { action: 'alarm.read', object: 'alarm' } },
      schema: {
        summary: 'One alarm',
        tags,
        params: Params,
        response: { 200: AlarmView, 404: Refusal },
      },
    },
    async ({ params }) => {
      const alarm = await store.alarm(params.alarmId);
      if (alarm === undefined) throw noSuch('alarm', params.alarmId);
      return alarm;
    },
  );

  addChangeRoutes(app, { store, now });
}

function addChangeRoutes(
  app: App,
  { store, now }: Pick<Parts, 'now'> & Readonly<{ store: Pick<Store, 'changeAlarm'> }>,
): void {
  const change = async (
    alarmId: string,
    step: (alarm: Alarm) => AlarmChange,
  ): Promise<AlarmView> => {
    let refusal: string | undefined;
    const view = await store.changeAlarm(
      alarmId,
      (alarm) => {
        const changed = step(alarm);
        if (changed.ok) return changed.alarm;
        refusal = changed.reason;
        return undefined;
      },
      now(),
    );
    if (view === undefined) throw noSuch('alarm', alarmId);
    if (refusal !== undefined) throw new HttpRefusal(409, 'conflict', refusal);
    return view;
  };

  app.post(
    '/api/alarms/:alarmId/acknowledge',
    {
      config: { policy: { action: 'alarm.handle', object: 'alarm' }, audit: 'alarm-acknowledged' },
      schema: {
        summary: 'Somebody has seen the alarm',
        tags,
        params: Params,
        response: { 200: AlarmView, 404: Refusal, 409: Refusal },
      },
    },
    (request) =>
      change(request.params.alarmId, (alarm) => acknowledge(alarm, userOf(request), now())),
  );

  app.post(
    '/api/alarms/:alarmId/close',
    {
      config: { policy: { action: 'alarm.handle', object: 'alarm' }, audit: 'alarm-closed' },
      schema: {
        summary: 'The alarm is over, and why',
        tags,
        params: Params,
        body: Body({
          reason: CloseReason,
          note: Type.Optional(Type.String({ maxLength: 1000 })),
        }),
        response: { 200: AlarmView, 400: Refusal, 404: Refusal, 409: Refusal },
      },
    },
    (request) => {
      request.auditDetail = request.body;
      const order = { ...request.body, by: userOf(request), atMs: now() };
      return change(request.params.alarmId, (alarm) => close(alarm, order));
    },
  );
}

export function addEventRoutes(app: App, { store }: Parts): void {
  app.get(
    '/api/events/:eventId',
    {
      config: { policy: { action: 'recording.view', object: 'event' }, audit: 'event-viewed' },
      schema: {
        summary: 'An event as the edge sent it',
        tags,
        params: EventIdParameter,
        response: { 200: RuleEvent, 404: Refusal },
      },
    },
    async ({ params }) => {
      const event = await store.event(params.eventId);
      if (event === undefined) throw noSuch('event', params.eventId);
      return event;
    },
  );

  app.get(
    '/api/events/:eventId/snapshot',
    {
      config: { policy: { action: 'recording.view', object: 'event' }, audit: 'snapshot-viewed' },
      schema: {
        summary: 'The picture of an event, JPEG',
        tags,
        params: EventIdParameter,
        produces: ['image/jpeg'],
      },
    },
    async ({ params }, reply) => {
      const jpeg = await store.snapshot(params.eventId);
      if (jpeg === undefined) throw noSuch('snapshot of event', params.eventId);
      return reply
        .type('image/jpeg')
        .header('cache-control', 'private, no-store')
        .send(Buffer.from(jpeg));
    },
  );
}
