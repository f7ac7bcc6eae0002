/** Administration of users. A user is never deleted, so that the register of what was done keeps its names: it is disabled. */
import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { Role, Scope } from '../../contract/access-rights.ts';
import { OneTimeToken, OpenSessionView, Username, UserView } from '../../contract/account-view.ts';
import type { Accounts, User } from '../store/account.ts';
import type { Access } from './access.ts';
import { viewOf } from './account-routes.ts';
import type { App } from './app.ts';
import { sessionOf } from './guard.ts';
import { HttpRefusal, noSuch, Refusal } from './http-error.ts';

type Parts = Readonly<{
  store: Pick<Accounts, 'users' | 'user' | 'createUser' | 'changeUser' | 'sessions'>;
  access: Pick<Access, 'newToken' | 'resetPassword' | 'endAll'>;
  now: () => number;
}>;

const tags = ['users'];
const policy = { action: 'user.manage', object: 'centre' } as const;
const Params = Type.Object({ userId: Type.String({ maxLength: 64 }) });
const refusals = { 400: Refusal, 401: Refusal, 403: Refusal, 404: Refusal, 409: Refusal };

export function addUserRoutes(app: App, parts: Parts): void {
  const { store } = parts;
  app.get(
    '/api/users',
    {
      config: { policy },
      schema: {
        summary: 'All users',
        tags,
        response: { 200: Type.Array(UserView), 401: Refusal, 403: Refusal },
      },
    },
    async () => (await store.users()).map(userView),
  );
  addCreation(app, parts);
  addChange(app, parts);
  addReset(app, parts);
  addSessionsOfUser(app, parts);
}

function addCreation(app: App, { store, access, now }: Parts): void {
  app.post(
    '/api/users',
    {
      config: { policy, audit: 'user-created' },
      schema: {
        summary: 'Make a user, who chooses a password with the one-time token of the answer',
        tags,
        body: Type.Object(
          { username: Username, role: Role, scope: Scope },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ user: UserView, token: OneTimeToken }), ...refusals },
      },
    },
    async (request, reply) => {
      const { body } = request;
      request.auditDetail = body;
      const { given, kept } = access.newToken();
      const user: User = {
        ...body,
        userId: randomUUID(),
        passwordHash: '',
        disabled: false,
        createdAtMs: now(),
        reset: kept,
      };
      if (!(await store.createUser(user)))
        throw new HttpRefusal(409, 'name-taken', `there is a user "${body.username}" already`);
      return reply.code(201).send({ user: userView(user), token: given });
    },
  );
}

function addChange(app: App, { store, access }: Parts): void {
  app.patch(
    '/api/users/:userId',
    {
      config: { policy, audit: 'user-changed' },
      schema: {
        summary: 'Change role or scope, disable or enable; the sessions of the user end',
        tags,
        params: Params,
        body: Type.Object(
          {
            role: Type.Optional(Role),
            scope: Type.Optional(Scope),
            disabled: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false, minProperties: 1 },
        ),
        response: { 200: UserView, ...refusals },
      },
    },
    async (request) => {
      const {
        params: { userId },
        body,
      } = request;
      request.auditDetail = body;
      const outcome = await store.changeUser(userId, {
        ...(body.role === undefined ? {} : { role: body.role }),
        ...(body.scope === undefined ? {} : { scope: body.scope }),
        ...(body.disabled === undefined ? {} : { disabled: body.disabled }),
      });
      if (outcome === 'last-administrator') {
        throw new HttpRefusal(
          409,
          'last-administrator',
          'this is the last administrator of the whole centre; make another one first',
        );
      }
      await access.endAll({ userId });
      return userView(await known(store, userId));
    },
  );
}

function addReset(app: App, { store, access }: Parts): void {
  app.post(
    '/api/users/:userId/reset',
    {
      config: { policy, audit: 'password-reset' },
      schema: {
        summary:
          'Void the password; the user chooses a new one with the one-time token of the answer',
        tags,
        params: Params,
        response: { 200: OneTimeToken, ...refusals },
      },
    },
    async (request) => {
      const { userId } = request.params;
      await known(store, userId);
      if (userId === sessionOf(request).userId) {
        throw new HttpRefusal(
          409,
          'own-account',
          'this is your own account; change its password instead',
        );
      }
      return access.resetPassword(userId);
    },
  );
}

function addSessionsOfUser(app: App, { store, access, now }: Parts): void {
  app.get(
    '/api/users/:userId/sessions',
    {
      config: { policy },
      schema: {
        summary: 'Where a user is signed in',
        tags,
        params: Params,
        response: { 200: Type.Array(OpenSessionView), ...refusals },
      },
    },
    async (request) => {
      const { userId } = await known(store, request.params.userId);
      const own = sessionOf(request).sessionId;
      return (await store.sessions(userId, now())).map((session) => viewOf(session, own));
    },
  );
  app.delete(
    '/api/users/:userId/sessions',
    {
      config: { policy, audit: 'sessions-ended' },
      schema: {
        summary: 'End all sessions of a user',
        tags,
        params: Params,
        response: { 204: Type.Null(), ...refusals },
      },
    },
    async ({ params: { userId } }, reply) => {
      await known(store, userId);
      await access.endAll({ userId });
      return reply.code(204).send(null);
    },
  );
}

async function known(store: Pick<Accounts, 'user'>, userId: string): Promise<User> {
  const user = await store.user(userId);
  if (user === undefined) throw noSuch('user', userId);
  return user;
}

function userView({ passwordHash, reset: _, ...user }: User): UserView {
  return { ...user, hasPassword: passwordHash !== '' };
}
