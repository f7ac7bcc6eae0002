/** The Fastify application with its plugins: schemas, cookies, limits, headers, documentation, error answers. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import websocket from '@fastify/websocket';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type RawServerDefault,
} from 'fastify';
import type { Logger } from 'pino';
import { storeFaultOf } from '../store/store-fault.ts';
import { documented } from './api-documentation.ts';
import { withTuples } from './api-tuples.ts';
import { webhooks } from './api-webhooks.ts';
import { AccountsFault } from './http-error.ts';

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/**
 * A request has to have come in by then, and its head sooner; answers and WebSockets may last. A connection on which nothing
 * moves is ended, so it has to be longer than the heartbeat of the feed.
 */
const patience = { requestTimeout: 30_000, connectionTimeout: 120_000 } as const;
const usualHeadTimeoutMs = 10_000;
const bodyLimitBytes = 512 * 1024;
const largestWebSocketMessage = 8 * 1024 * 1024;

export async function createApp(
  logger: Logger,
  {
    trustedProxies = [],
    headTimeoutMs = usualHeadTimeoutMs,
  }: Readonly<{ trustedProxies?: readonly string[]; headTimeoutMs?: number }> = {},
): Promise<App> {
  const app = Fastify({
    ...patience,
    http: { headersTimeout: headTimeoutMs, connectionsCheckingInterval: headTimeoutMs / 4 },
    bodyLimit: bodyLimitBytes,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  // A form of another site can send plain text without asking first.
  app.removeContentTypeParser('text/plain');
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The components of the console write their styles into the page.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", 'ws:', 'wss:'],
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    // Set by whoever ends TLS in front of the collector.
    strictTransportSecurity: false,
  });
  // The console listens to the operator's microphone while the key is held; nobody else does.
  const permissions = 'microphone=(self), camera=(), geolocation=()';
  app.addHook(
    'onRequest',
    async (_, reply) => void reply.header('permissions-policy', permissions),
  );
  await app.register(rateLimit, { global: false });
  await app.register(websocket, {
    options: { maxPayload: largestWebSocketMessage, perMessageDeflate: false },
  });
  await addDocumentation(app);
  answerFaults(app, logger);
  return app;
}

async function addDocumentation(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      webhooks,
      info: {
        title: 'Haoguanjia collector',
        version: '1',
        description: 'Alarms, cameras, rules and live pictures.',
      },
    },
    transform: ({ schema, url, route }) => ({ url, schema: documented(schema ?? {}, route) }),
    transformObject: (told) => withTuples('openapiObject' in told ? told.openapiObject : {}),
  });
  // What the interface looks like is no secret; what it answers is.
  await app.register((docs, _options, done) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: true };
    });
    void docs.register(swaggerUi, { routePrefix: '/docs' });
    done();
  });
}

const storeFaults = {
  full: {
    status: 507,
    answer: {
      error: 'disk-full',
      message: "the centre's disk is full: nothing was changed; free some room and try again",
    },
  },
  unreachable: {
    status: 503,
    answer: {
      error: 'store-unreachable',
      message: 'the database of the centre does not answer: nothing was changed; try again soon',
    },
  },
} as const;

function answerFaults(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const isOfAccounts = error instanceof AccountsFault;
    const fault = isOfAccounts ? 'unreachable' : storeFaultOf(error);
    if (fault !== undefined) {
      const reason = isOfAccounts ? { reason: String(error.cause) } : {};
      logger.error({ path: request.routeOptions.url, fault, ...reason }, 'database fault');
      return reply.code(storeFaults[fault].status).send(storeFaults[fault].answer);
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      logger.error(
        { path: request.routeOptions.url, reason: error.message, stack: error.stack },
        'request failed',
      );
      return reply
        .code(500)
        .send({ error: 'internal', message: 'the centre could not do this; its log says why' });
    }
    return reply.code(status).send({ error: codeOf(error), message: error.message });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      error: 'not-found',
      message: `there is nothing at ${request.method} ${request.url.split('?')[0]}`,
    }),
  );
}

function codeOf(error: FastifyError): string {
  if (error.validation !== undefined) return 'invalid';
  if (error.statusCode === 429 && error.code === undefined) return 'too-many';
  return (error.code ?? 'FST_').startsWith('FST_') ? 'refused' : error.code;
}
