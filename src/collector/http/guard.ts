/**
 * One place decides for every route: who has no session gets in only where a route says `public`; who has one may do what
 * the role allows, on the objects that the scope reaches; and what changes something, or opens a WebSocket, has to come
 * from this site's own pages. A route that declares neither keeps the collector from starting.
 */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { may } from '../../contract/access-rights.ts';
import type { Store } from '../store/store.ts';
import type { Access } from './access.ts';
import { AccountsFault, HttpRefusal, Refusal } from './http-error.ts';
import { checkObject, noReach, type Policy, reachOf } from './policy.ts';
import { tokenOf } from './session-cookie.ts';

export type GuardedRoute = Readonly<{
  method: string;
  url: string;
  websocket: boolean;
  policy: Policy | 'public' | 'edge';
}>;

type Parts = Readonly<{
  access: Pick<Access, 'sessionOf'>;
  store: Pick<Store, 'camerasIn' | 'cameraOf' | 'speakersIn'>;
}>;

/** Answers with the list of routes, which is complete once the application is ready. */
export function addGuard(app: FastifyInstance, parts: Parts): () => readonly GuardedRoute[] {
  const routes = collectRoutes(app);
  app.decorateRequest('reach');
  app.addHook('onRequest', async (request) => {
    const { config, url } = request.routeOptions;
    request.reach = noReach;
    if (config.fromEdge === true) return;
    checkOrigin(request);
    const session = await identify(request, parts);
    // Unknown addresses have no url: they are answered as such to everybody.
    if (config.public === true || url === undefined) return;
    if (session === undefined) throw new HttpRefusal(401, 'not-signed-in', 'sign in first');
    if (config.policy === undefined || !may(session.role, config.policy.action)) {
      request.refusedBecause = 'role';
      throw new HttpRefusal(403, 'forbidden', 'your role may not do this');
    }
  });
  app.addHook('preValidation', async (request) => {
    const { policy } = request.routeOptions.config;
    if (policy !== undefined && request.session !== undefined)
      await checkObject(request, policy, parts.store);
  });
  return routes;
}

/** Who cannot be asked about is nobody, and is told so: nothing is answered on a guess. Throws AccountsFault. */
async function identify(
  request: FastifyRequest,
  { access, store }: Parts,
): Promise<FastifyRequest['session']> {
  try {
    const session = await access.sessionOf(tokenOf(request));
    if (session === undefined) return undefined;
    request.session = session;
    request.reach = await reachOf(store, session.scope);
    return session;
  } catch (cause) {
    throw new AccountsFault(cause);
  }
}

/** The name under which the request acts; the guard has let it through. */
export function userOf({ session }: FastifyRequest): string {
  return sessionOf({ session }).username;
}

export function sessionOf({
  session,
}: Readonly<{ session?: FastifyRequest['session'] | undefined }>): NonNullable<
  FastifyRequest['session']
> {
  if (session === undefined) throw new HttpRefusal(401, 'not-signed-in', 'sign in first');
  return session;
}

function collectRoutes(app: FastifyInstance): () => readonly GuardedRoute[] {
  const declared: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    refuseOpenQuery(route);
    documentRefusals(route);
    declared.push(route);
  });
  const read = (): readonly GuardedRoute[] =>
    declared.map(({ method, url, config, ...route }) => ({
      method: [method].flat().join(' '),
      url,
      websocket: 'websocket' in route && route.websocket === true,
      policy: policyOf(config, `${[method].flat().join(' ')} ${url}`),
    }));
  app.addHook('onReady', async () => void read());
  return read;
}

/** What stands in a query and is not named there would reach the store beside what limits the caller. */
function refuseOpenQuery({ url, schema }: RouteOptions): void {
  const query = schema?.querystring as Readonly<{ additionalProperties?: unknown }> | undefined;
  if (query !== undefined && query.additionalProperties !== false)
    throw new Error(`the query of the route ${url} takes any field; describe it by Query`);
}

/** What the guard answers stands in the documentation of every route that it guards. */
function documentRefusals(route: RouteOptions): void {
  const { policy } = route.config ?? {};
  if (policy === undefined || route.schema === undefined) return;
  const isObject = !['none', 'list', 'centre'].includes(policy.object);
  const refusals = { 401: Refusal, 403: Refusal, ...(isObject ? { 404: Refusal } : {}) };
  const response = { ...refusals, ...(route.schema.response as object | undefined) };
  route.schema = { ...route.schema, response };
}

function policyOf(config: Declaration | undefined, route: string): GuardedRoute['policy'] {
  if (config?.fromEdge === true) return 'edge';
  if (config?.public === true) return 'public';
  if (config?.policy !== undefined) return config.policy;
  throw new Error(
    `the route ${route} does not say who may call it; give its config a policy, or public: true`,
  );
}

type Declaration = Readonly<{
  public?: boolean;
  fromEdge?: boolean;
  policy?: Policy;
}>;

function checkOrigin(request: FastifyRequest): void {
  const { method, headers } = request;
  const isWebSocket = headers.upgrade?.toLowerCase() === 'websocket';
  const changes = method !== 'GET' && method !== 'HEAD';
  if (!isWebSocket && !changes) return;
  if (!isSameOrigin(headers, isWebSocket)) {
    throw new HttpRefusal(403, 'foreign-origin', 'this request comes from another site');
  }
}

/**
 * Browsers send Origin with everything that changes something; programs without one carry no foreign cookie. Without it
 * nothing passes that a page of another site could send unasked: a form. A WebSocket has no other protection, so it always
 * has to say where it comes from.
 */
function isSameOrigin(headers: FastifyRequest['headers'], isWebSocket: boolean): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return !isWebSocket && !formTypes.test(headers['content-type'] ?? '');
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
const formTypes = /^\s*(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)/i;
