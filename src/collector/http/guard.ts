/**
 * One place decides for every route: whoever has no session gets in only where a route says `public`, and what changes
 * something, or opens a WebSocket, has to come from this site's own pages.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Session } from '../store/store.ts';
import { type Access, sessionCookie } from './access.ts';
import { HttpRefusal } from './http-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Reachable without a session. */
    public?: boolean;
    /** Called by edges, which carry a ticket and no cookie. */
    fromEdge?: boolean;
  }
  interface FastifyRequest {
    session?: Session;
  }
}

export function addGuard(app: FastifyInstance, access: Access): void {
  app.addHook('onRequest', async (request) => {
    const { config } = request.routeOptions;
    if (config.fromEdge === true) return;
    if (changesSomething(request) && !isSameOrigin(request)) {
      throw new HttpRefusal(403, 'foreign-origin', 'this request comes from another site');
    }
    const session = await access.sessionOf(request.cookies[sessionCookie]);
    if (session !== undefined) request.session = session;
    // Unknown addresses have no url: they are answered as such to everybody.
    const isOpen = config.public === true || request.routeOptions.url === undefined;
    if (!isOpen && session === undefined) {
      throw new HttpRefusal(401, 'not-signed-in', 'sign in first');
    }
  });
}

/** The name under which the request acts; the guard has let it through. */
export function userOf({ session }: FastifyRequest): string {
  if (session === undefined) throw new HttpRefusal(401, 'not-signed-in', 'sign in first');
  return session.username;
}

function changesSomething({ method, headers }: FastifyRequest): boolean {
  return (method !== 'GET' && method !== 'HEAD') || headers.upgrade?.toLowerCase() === 'websocket';
}

/** Browsers send Origin with everything that changes something; programs without one carry no foreign cookie. */
function isSameOrigin({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
