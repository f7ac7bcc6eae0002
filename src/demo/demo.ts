/**
 * The whole system in one process, on loopback: embedded broker, RTSP cameras that loop a recorded clip, edge, collector,
 * and a lane's speaker that is received and written to a WAV. Passwords are made anew at each start.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type Collector, createCollector } from '../collector/collector.ts';
import type { Store } from '../collector/store/store.ts';
import type { FeedMessage } from '../contract/console-api.ts';
import type { CameraRules } from '../contract/rule.ts';
import { createEdge, type Edge } from '../edge/edge.ts';
import type { EdgeConfig } from '../edge/edge-config.ts';
import { enrol } from '../edge/enrolment.ts';
import { createEmbeddedBroker, type EmbeddedBroker } from './broker.ts';
import { collectorConfig, type DemoSecrets, edgeConfig, edgeId, viewer } from './demo-config.ts';
import { demoCameras, demoRules } from './demo-rules.ts';
import { createRtpReceiver, type RtpReceiver } from './rtp-receiver.ts';
import { createRtspServer, type RtspServer } from './rtsp-server.ts';

export type DemoSettings = Readonly<{
  /** Of the console; 0 takes a free one. */
  port: number;
  dataFolder: string;
  clip?: string;
  /** Another broker than the embedded one. */
  brokerUrl?: string;
  /** Made anew at each start when they are not given. */
  secrets?: DemoSecrets;
  /** What the cameras' rules are before anybody has drawn any. */
  rules?: Readonly<Partial<Record<string, CameraRules>>>;
}>;

export type Demo = Readonly<{
  /** Starts everything, calling `progress` with a line for each part. */
  start: (progress: (line: string) => void) => Promise<DemoFacts>;
  onFeed: (listener: (message: FeedMessage) => void) => void;
  /** How many RTP packets the lane's speaker has received. */
  packetsHeard: () => number;
  /** The cameras can be frozen or cut off, the store can be asked; both exist once `start` has resolved. */
  cameras: () => RtspServer;
  store: () => Store;
  /** Events that the edge holds and the centre has not acknowledged. */
  waitingEvents: () => number;
  /** The box goes off; the cameras, the broker and the centre run on. */
  stopEdge: () => Promise<void>;
  stop: () => Promise<void>;
}>;

export type DemoFacts = Readonly<{ address: string; setupToken?: string; spokenFile: string }>;

type Running = {
  broker?: EmbeddedBroker;
  rtsp?: RtspServer;
  speaker?: RtpReceiver;
  collector?: Collector;
  edge?: Edge;
};

export function createDemo(settings: DemoSettings, logger: Logger): Demo {
  const running: Running = {};
  const listeners: ((message: FeedMessage) => void)[] = [];
  const stopEdge = async (): Promise<void> => {
    const { edge } = running;
    delete running.edge;
    await edge?.stop();
  };

  return {
    onFeed: (listener) => listeners.push(listener),
    packetsHeard: () => running.speaker?.statistics().packets ?? 0,
    cameras: () => started(running.rtsp),
    store: () => started(running.collector).store,
    waitingEvents: () => started(running.edge).outboxRows(),
    start: async (progress) => {
      const folder = resolve(settings.dataFolder);
      mkdirSync(folder, { recursive: true });
      const secrets = settings.secrets ?? newSecrets();
      const brokerUrl = settings.brokerUrl ?? (await startBroker(running, secrets, progress));
      const spokenFile = join(folder, 'speaker.wav');
      const speakerPort = await startSpeaker(running, spokenFile, progress);
      const addressOf = await startCameras(running, settings, secrets, progress);

      const config = collectorConfig(folder, settings.port, brokerUrl, secrets, speakerPort);
      running.collector = await createCollector(config, logger.child({ part: 'collector' }));
      running.collector.store.onFeed(({ message }) => {
        for (const listener of listeners) listener(message);
      });
      await seedRules(running.collector, settings.rules ?? demoRules);
      const { address, setupToken } = await running.collector.start();

      const broker = await edgeAccount(running, { brokerUrl, address, folder, secrets });
      running.edge = createEdge(
        edgeConfig(folder, broker, address, secrets, addressOf),
        logger.child({ part: 'edge' }),
      );
      await running.edge.start();
      progress(`console       ${address}`);
      return { address, spokenFile, ...(setupToken === undefined ? {} : { setupToken }) };
    },
    stopEdge,
    stop: async () => {
      await stopEdge();
      await running.collector?.stop();
      await running.rtsp?.stop();
      await running.speaker?.stop();
      await running.broker?.stop();
    },
  };
}

type Progress = (line: string) => void;

async function startBroker(
  running: Running,
  secrets: DemoSecrets,
  progress: Progress,
): Promise<string> {
  running.broker = createEmbeddedBroker({
    port: 0,
    accounts: { collector: secrets.broker },
    checkEdge: (id, password) => started(running.collector).enrolment.check(id, password),
  });
  const url = `mqtt://127.0.0.1:${await running.broker.start()}`;
  progress(`broker        ${url}`);
  return url;
}

/** The edge comes in with a one-time code, as any box does; a broker of its own has its account already. */
async function edgeAccount(
  { broker, collector }: Running,
  {
    brokerUrl,
    address,
    folder,
    secrets,
  }: Readonly<{ brokerUrl: string; address: string; folder: string; secrets: DemoSecrets }>,
): Promise<EdgeConfig['broker']> {
  if (broker === undefined) return { url: brokerUrl, username: edgeId, password: secrets.edge };
  const { enrolment } = started(collector);
  enrolment.onEnd(broker.disconnect);
  const { code } = await enrolment.makeCode(edgeId);
  const dataFolder = join(folder, 'edge');
  return { url: brokerUrl, ...(await enrol({ collectorUrl: address, edgeId, code, dataFolder })) };
}

async function startSpeaker(
  running: Running,
  wavFile: string,
  progress: Progress,
): Promise<number> {
  running.speaker = createRtpReceiver({ wavFile });
  const port = await running.speaker.start();
  progress(`speaker       rtp on 127.0.0.1:${port}, heard in ${wavFile}`);
  return port;
}

async function startCameras(
  running: Running,
  settings: DemoSettings,
  secrets: DemoSecrets,
  progress: Progress,
): Promise<(cameraId: string) => string> {
  const file = resolve(settings.clip ?? 'test-fixtures/clips/town-square.mp4');
  running.rtsp = createRtspServer({
    cameras: demoCameras.map(({ cameraId }) => ({ path: cameraId, file })),
    credentials: { username: viewer, password: secrets.camera },
  });
  const { url } = await running.rtsp.start();
  for (const { cameraId, name } of demoCameras) progress(`camera        ${name} ${url(cameraId)}`);
  return url;
}

function newSecrets(): DemoSecrets {
  const secret = (): string => randomBytes(18).toString('base64url');
  return { broker: secret(), edge: secret(), camera: secret() };
}

function started<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('the demo has not been started');
  return part;
}

/** The first wires are saved once; what the operator drew since stays. */
async function seedRules(
  { store }: Collector,
  rules: NonNullable<DemoSettings['rules']>,
): Promise<void> {
  for (const { cameraId } of demoCameras) {
    const first = rules[cameraId];
    const { rulesVersion } = await store.rules(cameraId);
    if (rulesVersion === 0 && first !== undefined)
      await store.saveRules(cameraId, first, 0, 'demo', Date.now());
  }
}
