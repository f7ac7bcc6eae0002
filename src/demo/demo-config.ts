/** How the demo's edge and its centre are configured: two cameras, one speaker, everything on loopback. */
import { join } from 'node:path';
import type { CollectorConfig } from '../collector/collector-config.ts';
import type { EdgeConfig } from '../edge/edge-config.ts';
import { demoCameras } from './demo-rules.ts';

export const edgeId = 'demo-edge';
const speakerId = 'square-speaker';
export const viewer = 'viewer';
/** For each camera; the demo's folder is not to grow. */
const demoClips = {
  preRollSeconds: 5,
  postRollSeconds: 5,
  maxBytes: 50 * 1024 ** 2,
  keepDays: 1,
};

export type DemoSecrets = Readonly<{ broker: string; edge: string; camera: string }>;

export function edgeConfig(
  folder: string,
  broker: EdgeConfig['broker'],
  collectorUrl: string,
  secrets: DemoSecrets,
  addressOf: (cameraId: string) => string,
): EdgeConfig {
  return {
    edgeId,
    dataFolder: join(folder, 'edge'),
    collectorUrl,
    broker,
    detector: { manifest: 'models/nanodet-416x320-int8.manifest.json' },
    cameras: demoCameras.map(({ cameraId, name }) => ({
      cameraId,
      name,
      source: addressOf(cameraId),
      username: viewer,
      password: secrets.camera,
      analysisFps: 5,
      clips: demoClips,
    })),
  };
}

export function collectorConfig(
  folder: string,
  port: number,
  brokerUrl: string,
  secrets: DemoSecrets,
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
