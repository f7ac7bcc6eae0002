/** Set-up with the one-time token, signing in and out. */
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { SessionView } from '../../contract/console-api.ts';
import { type Access, leastPasswordLength, sessionCookie, sessionSeconds } from './access.ts';
import type { App } from './app.ts';
import { Refusal } from './http-error.ts';

const Username = Type.String({ minLength: 1, maxLength: 64, pattern: '^\\S(.*\\S)?$' });
const NewPassword = Type.String({ minLength: leastPasswordLength, maxLength: 200 });
const attempts = { rateLimit: { max: 10, timeWindow: '1 minute' } } as const;

export function addSessionRoutes(app: App, access: Access): void {
  addEntryRoutes(app, access);
  app.get(
    '/api/session',
    {
      config: { public: true },
      schema: { summary: 'Who is signed in', tags: ['session'], response: { 200: SessionView } },
    },
    async (request) => {
      const needsSetup = await access.needsSetup();
      const { session } = request;
      return session === undefined ? { needsSetup } : { needsSetup, username: session.username };
    },
  );

  app.post(
    '/api/sign-out',
    {
      schema: {
        summary: 'End the session',
        tags: ['session'],
        response: { 204: Type.Null(), 401: Refusal },
      },
    },
    async (request, reply) => {
      await access.signOut(request.cookies[sessionCookie] ?? '');
      return reply.clearCookie(sessionCookie, { path: '/' }).code(204).send(null);
    },
  );
}

/** Routes that begin a session; guessing is slow. */
function addEntryRoutes(app: App, access: Access): void {
  app.post(
    '/api/setup',
    {
      config: { public: true, ...attempts },
      schema: {
        summary: 'Make the first account with the token that the collector printed',
        tags: ['session'],
        body: Type.Object({
          token: Type.String({ maxLength: 200 }),
          username: Username,
          password: NewPassword,
        }),
        response: { 200: SessionView, 400: Refusal, 403: Refusal, 429: Refusal },
      },
    },
    async (request, reply) => {
      admit(reply, await access.setUp(request.body), request.protocol === 'https');
      return { needsSetup: false, username: request.body.username };
    },
  );

  app.post(
    '/api/sign-in',
    {
      config: { public: true, ...attempts },
      schema: {
        summary: 'Sign in',
        tags: ['session'],
        body: Type.Object({
          username: Type.String({ maxLength: 200 }),
          password: Type.String({ maxLength: 200 }),
        }),
        response: { 200: SessionView, 400: Refusal, 401: Refusal, 429: Refusal },
      },
    },
    async (request, reply) => {
      admit(reply, await access.signIn(request.body), request.protocol === 'https');
      return { needsSetup: false, username: request.body.username };
    },
  );
}

function admit(reply: FastifyReply, token: string, isSecure: boolean): void {
  void reply.setCookie(sessionCookie, token, {
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
    path: '/',
    maxAge: sessionSeconds,
  });
}
