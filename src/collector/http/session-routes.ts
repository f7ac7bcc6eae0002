/** Set-up with the one-time token, signing in and out, choosing a password. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { NewPassword, SessionView, Username } from '../../contract/account-view.ts';
import type { Register } from '../store/audit.ts';
import type { Access } from './access.ts';
import type { App } from './app.ts';
import { entryFor } from './audit-hook.ts';
import { Body } from './body.ts';
import { HttpRefusal, Refusal } from './http-error.ts';
import { admit, dismiss, originOf, tokenOf } from './session-cookie.ts';
import type { SignInLimit } from './sign-in-limit.ts';

const tags = ['session'];
/** Tokens cannot be guessed; this spares the machine the hashing. */
const attempts = { rateLimit: { max: 10, timeWindow: '1 minute' } } as const;
const Token = Type.String({ maxLength: 200 });

type Parts = Readonly<{
  access: Access;
  limit: SignInLimit;
  store: Pick<Register, 'record'>;
  now: () => number;
}>;

export function addSessionRoutes(app: App, parts: Parts): void {
  addSignIn(app, parts);
  addTokenRoutes(app, parts);
  app.get(
    '/api/session',
    {
      config: { public: true },
      schema: { summary: 'Who is signed in', tags, response: { 200: SessionView } },
    },
    async ({ session }) => {
      const needsSetup = await parts.access.needsSetup();
      return session === undefined
        ? { needsSetup }
        : { needsSetup, username: session.username, role: session.role };
    },
  );
  app.post(
    '/api/sign-out',
    {
      config: { policy: { action: 'account.own', object: 'none' }, audit: 'sign-out' },
      schema: {
        summary: 'End the session',
        tags,
        response: { 204: Type.Null(), 401: Refusal },
      },
    },
    async (request, reply) => {
      await parts.access.signOut(tokenOf(request) ?? '');
      dismiss(request, reply);
      return reply.code(204).send(null);
    },
  );
}

function addSignIn(app: App, { access, limit, store, now }: Parts): void {
  app.post(
    '/api/sign-in',
    {
      config: { public: true },
      schema: {
        summary: 'Sign in',
        tags,
        body: Body({
          username: Type.String({ maxLength: 200 }),
          password: Type.String({ maxLength: 200 }),
        }),
        response: { 200: SessionView, 400: Refusal, 401: Refusal, 429: Refusal },
      },
    },
    async (request, reply) => {
      const { username } = request.body;
      const waitMs = limit.waitMs(username, request.ip);
      if (waitMs > 0) {
        reply.header('retry-after', Math.ceil(waitMs / 1000));
        throw new HttpRefusal(429, 'too-many', 'too many attempts; wait a minute');
      }
      limit.attempted(username, request.ip);
      const told = (outcome: 'done' | 'refused', detail: Readonly<Record<string, unknown>> = {}) =>
        store.record(
          entryFor(request, { action: 'sign-in', outcome, actor: username }, now(), detail),
        );
      const token = await access.signIn(request.body, originOf(request)).catch(async (error) => {
        await told('refused', { blocked: limit.waitMs(username, request.ip) > 0 });
        throw error;
      });
      await told('done');
      limit.succeeded(username, request.ip);
      return enter(request, reply, { access, token });
    },
  );
}

function addTokenRoutes(app: App, { access, store, now }: Parts): void {
  const parts = { access, store, now };
  app.post(
    '/api/setup',
    {
      config: { public: true, ...attempts },
      schema: {
        summary: 'Make the first account with the token that the collector printed',
        tags,
        body: Body({ token: Token, username: Username, password: NewPassword }),
        response: { 200: SessionView, 400: Refusal, 403: Refusal, 429: Refusal },
      },
    },
    async (request, reply) =>
      enterAnew(request, reply, {
        ...parts,
        action: 'first-account',
        token: await access.setUp(request.body, originOf(request)),
      }),
  );
  app.post(
    '/api/choose-password',
    {
      config: { public: true, ...attempts },
      schema: {
        summary:
          'Choose a password with the one-time token that an administrator gave, and sign in',
        tags,
        body: Body({ token: Token, password: NewPassword }),
        response: { 200: SessionView, 400: Refusal, 403: Refusal, 429: Refusal },
      },
    },
    async (request, reply) =>
      enterAnew(request, reply, {
        ...parts,
        action: 'password-chosen',
        token: await access.choosePassword(request.body, originOf(request)),
      }),
  );
}

async function enterAnew(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    access,
    store,
    now,
    action,
    token,
  }: Omit<Parts, 'limit'> &
    Readonly<{ action: 'first-account' | 'password-chosen'; token: string }>,
): Promise<SessionView> {
  const view = await enter(request, reply, { access, token });
  const actor = view.username ?? '';
  await store.record(entryFor(request, { action, outcome: 'done', actor }, now()));
  return view;
}

async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, token }: Readonly<{ access: Access; token: string }>,
): Promise<SessionView> {
  admit(request, reply, token);
  const session = await access.sessionOf(token);
  if (session === undefined) return { needsSetup: false };
  return { needsSetup: false, username: session.username, role: session.role };
}
