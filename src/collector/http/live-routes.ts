/** WebSockets of live pictures: viewers with their session, edges with a one-time ticket. */
import { Type } from 'typebox';
import { Id } from '../../contract/id.ts';
import type { Access } from './access.ts';
import type { App } from './app.ts';
import { Query } from './body.ts';
import { HttpRefusal } from './http-error.ts';
import type { LiveRelay } from './live-relay.ts';
import { tokenOf } from './session-cookie.ts';

const Params = Type.Object({ cameraId: Id });
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1: policy violation. */
const closedByCentre = 1008;
const Format = Type.Union([Type.Literal('fmp4'), Type.Literal('mpeg1')]);

export function addLiveRoutes(
  app: App,
  { relay, access }: Readonly<{ relay: LiveRelay; access: Pick<Access, 'follow'> }>,
): void {
  app.get(
    '/api/cameras/:cameraId/live',
    {
      websocket: true,
      exposeHeadRoute: false,
      config: {
        policy: { action: 'live.watch', object: 'camera' },
        audit: 'live-opened',
        atOnce: 'streams',
      },
      schema: {
        summary: 'Live pictures of a camera (WebSocket)',
        tags: ['cameras'],
        params: Params,
        querystring: Query({ format: Type.Optional(Format) }),
      },
    },
    (socket, request) => {
      const leave = access.follow(tokenOf(request), () =>
        socket.close(closedByCentre, 'signed out'),
      );
      socket.on('close', leave);
      relay.watch(request.params.cameraId, request.query.format ?? 'fmp4', socket);
    },
  );

  const formats = new WeakMap<object, 'fmp4' | 'mpeg1'>();
  app.get(
    '/edge/live/:cameraId',
    {
      websocket: true,
      exposeHeadRoute: false,
      config: { public: true, fromEdge: true },
      schema: { hide: true, params: Params },
      preValidation: async (request) => {
        const ticket = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
        const format = relay.redeem(request.params.cameraId, ticket);
        if (format === undefined)
          throw new HttpRefusal(401, 'bad-ticket', 'this ticket is not valid');
        formats.set(request.raw, format);
      },
    },
    (socket, request) =>
      relay.push(request.params.cameraId, formats.get(request.raw) ?? 'fmp4', socket),
  );
}
