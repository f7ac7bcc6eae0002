/** The collector's HTTP interface: console, REST with OpenAPI at /docs, live feed, live pictures, health. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Logger } from 'pino';
import type { CameraCommand } from '../../contract/edge-report.ts';
import type { VersionedRules } from '../../contract/rule.ts';
import { createEnrolment, type Enrolment } from '../enrolment/enrolment.ts';
import type { Store } from '../store/store.ts';
import { createAccess } from './access.ts';
import { addAccountRoutes } from './account-routes.ts';
import { addAlarmRoutes, addEventRoutes } from './alarm-routes.ts';
import { addAnnouncementRoutes } from './announcement-routes.ts';
import { type App, createApp } from './app.ts';
import { type AtOnceLimits, addAtOnceLimits } from './at-once.ts';
import { addAuditHook } from './audit-hook.ts';
import { addAuditRoutes } from './audit-routes.ts';
import { addCameraRoutes, addRulesRoutes } from './camera-routes.ts';
import { addCentreRoutes } from './centre-routes.ts';
import { addClipRoutes } from './clip-routes.ts';
import { closeApp, type Sockets, watchSockets } from './close-app.ts';
import { type ConnectionLimits, limitConnections } from './connection-limits.ts';
import { addEnrolmentRoutes } from './enrolment-routes.ts';
import { addExportRoutes, type ExportDesk } from './export-routes.ts';
import { addFeedRoute } from './feed-route.ts';
import { addGuard, type GuardedRoute } from './guard.ts';
import { addHealthRoute, type HealthSources } from './health-route.ts';
import { HttpError } from './http-error.ts';
import { createLiveRelay, type LiveRelay } from './live-relay.ts';
import { addLiveRoutes } from './live-routes.ts';
import { addMapRoutes, emptyMap, type MapDesk } from './map-routes.ts';
import { type AskReplay, addReplayRoutes } from './replay-routes.ts';
import { addRetentionRoutes, type RetentionDesk } from './retention-routes.ts';
import { addSessionRoutes } from './session-routes.ts';
import { createSignInLimit } from './sign-in-limit.ts';
import { addSpeakerRoutes, type SpeakerDesk } from './speaker-routes.ts';
import { addTalkRoutes, type TalkDesk } from './talk-routes.ts';
import { addUserRoutes } from './user-routes.ts';
import { addVoiceRoutes, type VoiceDesk } from './voice-routes.ts';
import { addWebhookRoutes } from './webhook-routes.ts';

export type HttpSettings = Readonly<{
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** The built console. */
  consoleFolder?: string;
  /** Addresses of proxies that end TLS; what others say about where a request comes from is not believed. */
  trustedProxies?: readonly string[];
  /** Until when the head of a request has to have come; 10 s. */
  headTimeoutMs?: number;
  /** How many streams and exports are open at once. */
  atOnce?: Partial<AtOnceLimits>;
  /** How many connections are held, at all and of one address. */
  connections?: Partial<ConnectionLimits>;
}>;

export type HttpDependencies = Readonly<{
  store: Store;
  speakers: SpeakerDesk &
    Readonly<{
      /** The library of what they say. */
      voice?: VoiceDesk;
      /** Operators' own voices. */
      talks?: TalkDesk;
    }>;
  edges: Readonly<{
    connected: () => boolean;
    /** Until when the broker's certificate is good; undefined without one. */
    certificateEndsAtMs?: () => number | undefined;
    publishRules: (saved: VersionedRules) => void;
    sendCommand: (edgeId: string, command: CameraCommand) => void;
  }>;
  /** Without it rules cannot be tried. */
  askReplay?: AskReplay;
  /** Made of the store when nobody else needs it. */
  enrolment?: Enrolment;
  /** Where the file of a clip is; without it no clips are served. */
  fileOfClip?: (clipId: string) => string;
  /** Without it no alarm leaves the centre. */
  exports?: ExportDesk;
  /** Asks about the clock that the deletion goes by. */
  retention?: RetentionDesk;
  /** How the centre is, for `/health`. */
  condition?: HealthSources;
  /** Where things stand; laid out by their places alone, without it. */
  map?: MapDesk;
  logger: Logger;
  now: () => number;
}>;

export type Http = Readonly<{
  /** Rejects with HttpError when the port cannot be opened. */
  start: () => Promise<Readonly<{ address: string; port: number; setupToken?: string }>>;
  /** Every route with what it demands; known once `start` has resolved. */
  routes: () => readonly GuardedRoute[];
  stop: () => Promise<void>;
}>;

export function createHttp(settings: HttpSettings, dependencies: HttpDependencies): Http {
  let app: App | undefined;
  let sockets: Sockets | undefined;
  let relay: LiveRelay | undefined;
  let routes: () => readonly GuardedRoute[] = () => [];
  return {
    start: async () => {
      const { store, logger, now } = dependencies;
      const access = createAccess(store, now);
      app = await createApp(logger, settings);
      sockets = watchSockets(app.server);
      limitConnections(app.server, settings.connections, logger);
      relay = createLiveRelay({ sendCommand: commandSender(dependencies), logger, now });
      routes = addGuard(app, { access, store });
      addAtOnceLimits(app, settings.atOnce);
      addAuditHook(app, { store, logger, now });
      addSessionRoutes(app, { access, limit: createSignInLimit(now), store, now });
      addAuditRoutes(app, { store });
      addEnrolmentRoutes(app, { enrolment: enrolmentOf(dependencies), store, now });
      addApiRoutes(app, dependencies);
      addUserRoutes(app, { store, access, now });
      addAccountRoutes(app, { store, access, now });
      addFeedRoute(app, { store, access });
      addLiveRoutes(app, { relay, access });
      const { talks } = dependencies.speakers;
      if (talks !== undefined) addTalkRoutes(app, { store, talks, access, now });
      const { edges, condition } = dependencies;
      addHealthRoute(app, { store, brokerConnected: edges.connected, condition, now });
      await addConsole(app, settings.consoleFolder ?? 'dist/console');
      const port = await listen(app, settings);
      const setupToken = await access.prepareSetup();
      const address = `http://${settings.host}:${port}`;
      logger.info({ address }, 'http interface open');
      return { address, port, ...(setupToken === undefined ? {} : { setupToken }) };
    },
    routes: () => routes(),
    stop: async () => {
      relay?.stop();
      if (app !== undefined && sockets !== undefined) await closeApp(app, sockets);
    },
  };
}

function addApiRoutes(app: App, dependencies: HttpDependencies): void {
  const { store, speakers, edges, fileOfClip, exports, retention, askReplay, now } = dependencies;
  const cameraParts = { store, publishRules: edges.publishRules, now };
  addCentreRoutes(app, store, retention, edges.certificateEndsAtMs);
  addRetentionRoutes(app, { store, retention, now });
  addWebhookRoutes(app, { store, now });
  addCameraRoutes(app, cameraParts);
  addRulesRoutes(app, cameraParts);
  if (askReplay !== undefined) addReplayRoutes(app, askReplay);
  addAlarmRoutes(app, { store, now });
  addEventRoutes(app, { store, now });
  const { voice } = speakers;
  if (voice !== undefined) addVoiceRoutes(app, { store, voice, now });
  addMapRoutes(app, { store, map: dependencies.map ?? emptyMap });
  addSpeakerRoutes(app, { store, speakers });
  addAnnouncementRoutes(app, { store, cancel: speakers.cancel });
  if (fileOfClip !== undefined) addClipRoutes(app, { store, fileOfClip, now });
  if (exports !== undefined) addExportRoutes(app, { exports });
}

const enrolmentOf = ({ enrolment, store, now }: HttpDependencies): Enrolment =>
  enrolment ?? createEnrolment(store, now);

/** Commands go to the edge that has the camera. */
function commandSender({
  store,
  edges,
  logger,
}: HttpDependencies): (cameraId: string, command: CameraCommand) => void {
  return (cameraId, command) => {
    store.camera(cameraId).then(
      (camera) => {
        if (camera !== undefined) edges.sendCommand(camera.edgeId, command);
      },
      (error: unknown) =>
        logger.error({ cameraId, reason: String(error) }, 'command could not be sent'),
    );
  };
}

const notBuilt =
  '<!doctype html><meta charset="utf-8"><title>Haoguanjia</title><p>The console has not been built; run: npm run build:console';

async function addConsole(app: App, folder: string): Promise<void> {
  const root = resolve(folder);
  if (!existsSync(root)) {
    app.get('/', { config: { public: true }, schema: { hide: true } }, (_request, reply) =>
      reply.type('text/html').send(notBuilt),
    );
    return;
  }
  // The pages themselves hold nothing secret; everything that they show is asked for with a session.
  await app.register((files, _options, done) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: true };
    });
    void files.register(fastifyStatic, { root, wildcard: false, index: ['index.html'] });
    done();
  });
}

async function listen(app: App, { host, port }: HttpSettings): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw new HttpError(host, port, cause);
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
