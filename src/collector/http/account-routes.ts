/** What everybody may do with the own account: change the password, see and end the own sessions. */
import { Type } from 'typebox';
import { NewPassword, OpenSessionView } from '../../contract/account-view.ts';
import type { Accounts, Session } from '../store/account.ts';
import type { Access } from './access.ts';
import type { App } from './app.ts';
import { Body } from './body.ts';
import { sessionOf } from './guard.ts';
import { noSuch, Refusal } from './http-error.ts';

type Parts = Readonly<{
  store: Pick<Accounts, 'sessions'>;
  access: Pick<Access, 'changeOwnPassword' | 'endAll'>;
  now: () => number;
}>;

const tags = ['account'];
const config = { policy: { action: 'account.own', object: 'none' } } as const;

export function addAccountRoutes(app: App, { store, access, now }: Parts): void {
  app.post(
    '/api/account/password',
    {
      config: {
        ...config,
        audit: 'password-changed',
        rateLimit: { max: 10, timeWindow: '1 minute' },
      },
      schema: {
        summary: 'Change the own password; the other sessions end',
        tags,
        body: Body({ current: Type.String({ maxLength: 200 }), password: NewPassword }),
        response: { 204: Type.Null(), 400: Refusal, 401: Refusal, 403: Refusal, 429: Refusal },
      },
    },
    async (request, reply) => {
      await access.changeOwnPassword(sessionOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/account/sessions',
    {
      config,
      schema: {
        summary: 'The own sessions',
        tags,
        response: { 200: Type.Array(OpenSessionView), 401: Refusal },
      },
    },
    async (request) => {
      const { userId, sessionId } = sessionOf(request);
      return (await store.sessions(userId, now())).map((one) => viewOf(one, sessionId));
    },
  );
  app.delete(
    '/api/account/sessions/:sessionId',
    {
      config: { ...config, audit: 'sessions-ended' },
      schema: {
        summary: 'End one of the own sessions',
        tags,
        params: Type.Object({ sessionId: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null(), 401: Refusal, 404: Refusal },
      },
    },
    async (request, reply) => {
      const { sessionId } = request.params;
      const { userId } = sessionOf(request);
      if ((await access.endAll({ userId, sessionId })) === 0) throw noSuch('session', sessionId);
      return reply.code(204).send(null);
    },
  );
}

export function viewOf(
  { userId: _, username: __, role: ___, scope: ____, ...session }: Session,
  ownSessionId: string,
): OpenSessionView {
  return { ...session, own: session.sessionId === ownSessionId };
}
