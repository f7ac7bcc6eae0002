import { expect, it } from 'vitest';
import { toEdgeConfig } from './edge-config.ts';

const file = {
  edgeId: 'edge-1',
  dataFolder: 'data',
  collectorUrl: 'http://127.0.0.1:8080',
  broker: { url: 'mqtt://127.0.0.1' },
  cameras: [
    { cameraId: 'a', source: 'rtsp://192.0.2.1/' },
    { cameraId: 'b', source: 'rtsp://192.0.2.2/' },
  ],
};

it.each([
  ['is known again by default', {}, undefined],
  ['is known again on request', { identity: true }, true],
  ['is a stranger where the site says so', { identity: false }, false],
])('who returns %s, before every camera of the box', (_, choice, identity) => {
  const { cameras } = toEdgeConfig({ ...file, ...choice }, () => undefined);
  expect(cameras.map((camera) => camera.identity)).toEqual([identity, identity]);
});
