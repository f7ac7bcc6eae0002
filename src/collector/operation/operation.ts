/**
 * Looking into the centre: `/metrics` for Prometheus on a port of its own, opened only when the configuration names one,
 * since the figures tell how many cameras see nothing.
 */
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

export type OperationSettings = Readonly<{
  host: string;
  /** 0 takes a free one. */
  port: number;
}>;

export type Operation = Readonly<{
  /** Resolves with the address. Rejects with OperationError when the port cannot be opened. */
  start: () => Promise<string>;
  stop: () => Promise<void>;
}>;

/** The port cannot be opened: the message names it and the mend. */
class OperationError extends Error {
  readonly code = 'metrics-port';
  constructor({ host, port }: OperationSettings, cause: unknown) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be opened (${code})`;
    super(`port ${port} on ${host} ${reason}; choose another metrics.port`, { cause });
    this.name = 'OperationError';
  }
}

export function createOperation(
  settings: OperationSettings,
  figures: Readonly<{ contentType: string; text: () => Promise<string> }>,
  logger: Logger,
): Operation {
  let app: FastifyInstance | undefined;
  return {
    start: async () => {
      app = Fastify({ forceCloseConnections: true });
      app.get('/metrics', async (_request, reply) =>
        reply.type(figures.contentType).send(await figures.text()),
      );
      try {
        const address = await app.listen(settings);
        logger.info({ address }, 'metrics open');
        return address;
      } catch (cause) {
        throw new OperationError(settings, cause);
      }
    },
    stop: async () => {
      await app?.close();
    },
  };
}
