/** Twenty starts and stops; `npm run bench:camera-cycles` makes two hundred. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRtspServer, type RtspServer } from '../../demo/rtsp-server.ts';
import { runCameraCycles } from '../../testing/camera-cycles.ts';

let server: RtspServer;
let source: string;
beforeAll(async () => {
  server = createRtspServer({
    cameras: [{ path: 'gate', file: 'test-fixtures/clips/town-square.mp4' }],
  });
  source = (await server.start()).url('gate');
});
afterAll(async () => {
  await server.stop();
});

test.each([
  ['its own thread', false],
  ['the main thread', true],
])(
  'starts and stops leave no child, no zombie and no descriptor when %s owns ffmpeg',
  { timeout: 60_000 },
  async (_, kept) => {
    const counts = await runCameraCycles(source, 20, kept);
    expect(counts).toMatchObject({ children: 0, zombies: 0, descriptors: 0 });
    expect(counts.withPictures).toBeGreaterThanOrEqual(10);
  },
);
