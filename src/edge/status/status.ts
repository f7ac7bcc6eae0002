/**
 * Looking into the box over HTTP: `/` for people, `/health` for watchers (503 with the faults), `/metrics` for Prometheus.
 * It shows names and states, never an address with credentials; it listens where the configuration says and nowhere else.
 */
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type BoxReport, judge } from './box-report.ts';
import { createMetrics } from './metrics.ts';
import { statusPage } from './status-page.ts';

export type StatusSettings = Readonly<{
  host: string;
  /** 0 takes a free one. */
  port: number;
}>;

export type Status = Readonly<{
  /** Resolves with the address. Rejects with StatusError when the port cannot be opened. */
  start: () => Promise<string>;
  stop: () => Promise<void>;
}>;

/** The port cannot be opened: the message names it and the mend. */
class StatusError extends Error {
  readonly code = 'status-port';
  constructor({ host, port }: StatusSettings, cause: unknown) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be opened (${code})`;
    super(`port ${port} on ${host} ${reason}; choose another status.port`, { cause });
    this.name = 'StatusError';
  }
}

export function createStatus(
  settings: StatusSettings,
  report: () => BoxReport,
  logger: Logger,
): Status {
  let app: FastifyInstance | undefined;
  return {
    start: async () => {
      app = Fastify({ forceCloseConnections: true });
      const metrics = createMetrics(report);
      app.get('/', (_request, reply) =>
        reply.type('text/html; charset=utf-8').send(statusPage(report(), judge(report()))),
      );
      app.get('/health', (_request, reply) => {
        const verdict = judge(report());
        return reply.code(verdict.ok ? 200 : 503).send(verdict);
      });
      app.get('/metrics', async (_request, reply) =>
        reply.type(metrics.contentType).send(await metrics.text()),
      );
      try {
        const address = await app.listen(settings);
        logger.info({ address }, 'status page open');
        return address;
      } catch (cause) {
        throw new StatusError(settings, cause);
      }
    },
    stop: async () => {
      await app?.close();
    },
  };
}
