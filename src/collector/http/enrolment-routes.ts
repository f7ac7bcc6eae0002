/** Edges come in: a code for the technician who stands at the box, a password for the box, and the way to take it back. */
import { Type } from 'typebox';
import { EdgeCode, EdgeCredentialView, Enrolled, EnrolRequest } from '../../contract/enrolment.ts';
import { Id } from '../../contract/id.ts';
import type { Enrolment } from '../enrolment/enrolment.ts';
import type { Register } from '../store/audit.ts';
import type { EdgeCredentials } from '../store/edge-credential.ts';
import type { App } from './app.ts';
import { entryFor } from './audit-hook.ts';
import { HttpRefusal, noSuch, Refusal } from './http-error.ts';

type Parts = Readonly<{
  enrolment: Pick<Enrolment, 'makeCode' | 'enrol' | 'revoke'>;
  store: Pick<EdgeCredentials, 'edgeCredentials'> & Pick<Register, 'record'>;
  now: () => number;
}>;

const tags = ['edges'];
const policy = { action: 'edge.enrol', object: 'centre' } as const;
const Params = Type.Object({ edgeId: Id });
const refusals = { 400: Refusal, 401: Refusal, 403: Refusal };

export function addEnrolmentRoutes(app: App, parts: Parts): void {
  const { enrolment, store } = parts;
  app.get(
    '/api/edge-credentials',
    {
      config: { policy },
      schema: {
        summary: 'The edges that have come in with a code',
        tags,
        response: { 200: Type.Array(EdgeCredentialView), ...refusals },
      },
    },
    async () =>
      (await store.edgeCredentials()).map(({ passwordHash: _, ...credential }) => credential),
  );
  app.post(
    '/api/edges/:edgeId/code',
    {
      config: { policy, audit: 'edge-code-made' },
      schema: {
        summary: 'Make a one-time code for this edge; the code before is void',
        tags,
        params: Params,
        response: { 200: EdgeCode, ...refusals },
      },
    },
    ({ params }) => enrolment.makeCode(params.edgeId),
  );
  app.delete(
    '/api/edges/:edgeId/credential',
    {
      config: { policy, audit: 'edge-revoked' },
      schema: {
        summary: 'Take away the right of an edge to report; its connection ends',
        tags,
        params: Params,
        response: { 204: Type.Null(), ...refusals, 404: Refusal },
      },
    },
    async ({ params: { edgeId } }, reply) => {
      if (!(await enrolment.revoke(edgeId))) throw noSuch('enrolled edge', edgeId);
      return reply.code(204).send(null);
    },
  );
  addEnrol(app, parts);
}

function addEnrol(app: App, { enrolment, store, now }: Parts): void {
  app.post(
    '/api/enrol',
    {
      config: { public: true, rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        summary: 'An edge gets its own broker password for its one-time code',
        tags,
        body: EnrolRequest,
        response: { 200: Enrolled, 400: Refusal, 403: Refusal, 429: Refusal },
      },
    },
    async (request) => {
      const { edgeId, code } = request.body;
      const password = await enrolment.enrol(edgeId, code);
      const outcome = password === undefined ? 'refused' : 'done';
      const entry = { action: 'edge-enrolled', outcome, actor: edgeId } as const;
      await store.record(entryFor(request, entry, now()));
      if (password === undefined) {
        throw new HttpRefusal(
          403,
          'wrong-code',
          `this code is not for edge "${edgeId}", was used, or has run out; make a new one in the console`,
        );
      }
      return { username: edgeId, password };
    },
  );
}
