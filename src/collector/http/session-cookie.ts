/** The session's cookie: out of reach of scripts and other sites; behind TLS bound to this very host. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Origin } from './sessions.ts';
import { sessionSeconds } from './sessions.ts';

const plainName = 'haoguanjia-session';
const isSecure = ({ protocol }: FastifyRequest): boolean => protocol === 'https';
const nameFor = (request: FastifyRequest): string =>
  isSecure(request) ? `__Host-${plainName}` : plainName;

export function tokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[nameFor(request)];
}

export function originOf(request: FastifyRequest): Origin {
  const before = tokenOf(request);
  return {
    address: request.ip,
    program: request.headers['user-agent'] ?? '',
    ...(before === undefined ? {} : { before }),
  };
}

export function admit(request: FastifyRequest, reply: FastifyReply, token: string): void {
  void reply.setCookie(nameFor(request), token, {
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(request),
    path: '/',
    maxAge: sessionSeconds,
  });
}

export function dismiss(request: FastifyRequest, reply: FastifyReply): void {
  void reply.clearCookie(nameFor(request), { path: '/', secure: isSecure(request) });
}
