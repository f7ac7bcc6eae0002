/**
 * The whole system in one process, on loopback: embedded broker, RTSP cameras that loop a recorded clip, edge, collector,
 * and a lane's speaker that is received and written to a WAV. Passwords are made anew at each start.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type Collector, createCollector } from '../collector/collector.ts';
import type { CollectorConfig } from '../collector/collector-config.ts';
import type { FeedMessage } from '../contract/console-api.ts';
import { createEdge, type Edge } from '../edge/edge.ts';
import type { EdgeConfig } from '../edge/edge-config.ts';
import { createEmbeddedBroker, type EmbeddedBroker } from './broker.ts';
import { demoCameras, demoRules } from './demo-rules.ts';
import { createRtpReceiver, type RtpReceiver } from './rtp-receiver.ts';
import { createRtspServer, type RtspServer } from './rtsp-server.ts';

const edgeId = 'demo-edge';
const speakerId = 'square-speaker';
const viewer = 'viewer';

export type DemoSettings = Readonly<{ port: number; dataFolder: string; clip?: string }>;

export type Demo = Readonly<{
  /** Starts everything, calling `progress` with a line for each part. */
  start: (progress: (line: string) => void) => Promise<DemoFacts>;
  onFeed: (listener: (message: FeedMessage) => void) => void;
  /** How many RTP packets the lane's speaker has received. */
  packetsHeard: () => number;
  stop: () => Promise<void>;
}>;

type DemoFacts = Readonly<{ address: string; setupToken?: string; spokenFile: string }>;

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

  return {
    onFeed: (listener) => listeners.push(listener),
    packetsHeard: () => running.speaker?.statistics().packets ?? 0,
    start: async (progress) => {
      const folder = resolve(settings.dataFolder);
      mkdirSync(folder, { recursive: true });
      const secrets: Secrets = { broker: secret(), edge: secret(), camera: secret() };
      const brokerUrl = await startBroker(running, secrets, progress);
      const spokenFile = join(folder, 'speaker.wav');
      const speakerPort = await startSpeaker(running, spokenFile, progress);
      const addressOf = await startCameras(running, settings, secrets, progress);

      const config = collectorConfig(folder, settings.port, brokerUrl, secrets, speakerPort);
      running.collector = await createCollector(config, logger.child({ part: 'collector' }));
      running.collector.store.onFeed(({ message }) => {
        for (const listener of listeners) listener(message);
      });
      await seedRules(running.collector);
      const { address, setupToken } = await running.collector.start();

      running.edge = createEdge(
        edgeConfig(folder, brokerUrl, address, secrets, addressOf),
        logger.child({ part: 'edge' }),
      );
      await running.edge.start();
      progress(`console       ${address}`);
      return { address, spokenFile, ...(setupToken === undefined ? {} : { setupToken }) };
    },
    stop: async () => {
      await running.edge?.stop();
      await running.collector?.stop();
      await running.rtsp?.stop();
      await running.speaker?.stop();
      await running.broker?.stop();
    },
  };
}

type Progress = (line: string) => void;
type Secrets = Readonly<{ broker: string; edge: string; camera: string }>;

async function startBroker(
  running: Running,
  secrets: Secrets,
  progress: Progress,
): Promise<string> {
  const accounts = { collector: secrets.broker, [edgeId]: secrets.edge };
  running.broker = createEmbeddedBroker({ port: 0, accounts });
  const url = `mqtt://127.0.0.1:${await running.broker.start()}`;
  progress(`broker        ${url}`);
  return url;
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
  secrets: Secrets,
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

function edgeConfig(
  folder: string,
  brokerUrl: string,
  collectorUrl: string,
  secrets: Secrets,
  addressOf: (cameraId: string) => string,
): EdgeConfig {
  return {
    edgeId,
    dataFolder: join(folder, 'edge'),
    collectorUrl,
    broker: { url: brokerUrl, username: edgeId, password: secrets.edge },
    detector: { manifest: 'models/nanodet-416x320-int8.manifest.json' },
    cameras: demoCameras.map(({ cameraId, name }) => ({
      cameraId,
      name,
      source: addressOf(cameraId),
      username: viewer,
      password: secrets.camera,
      analysisFps: 5,
    })),
  };
}

function secret(): string {
  return randomBytes(18).toString('base64url');
}

function collectorConfig(
  folder: string,
  port: number,
  brokerUrl: string,
  secrets: Secrets,
  speakerPort: number,
): CollectorConfig {
  return {
    http: { host: '127.0.0.1', port },
    broker: { url: brokerUrl, username: 'collector', password: secrets.broker },
    dataFolder: join(folder, 'collector'),
    speakers: [
      {
        driver: 'rtp',
        speakerId,
        name: '广场喇叭',
        address: '127.0.0.1',
        port: speakerPort,
        codec: 'pcmu',
      },
    ],
    cameras: demoCameras.map((camera) => ({ ...camera, speakerId })),
  };
}

/** The demo's wires are saved once; what the operator drew since stays. */
async function seedRules({ store }: Collector): Promise<void> {
  for (const { cameraId } of demoCameras) {
    const { rulesVersion } = await store.rules(cameraId);
    if (rulesVersion === 0)
      await store.saveRules(cameraId, demoRules[cameraId], 0, 'demo', Date.now());
  }
}
