/**
 * Starts and stops a camera on real RTSP again and again and counts what is left over; the last line is JSON, and the
 * exit code is 1 when anything is.
 *   npm run --silent bench:camera-cycles [-- --cycles 200]
 */
import { parseArgs } from 'node:util';
import { createRtspServer } from '../src/demo/rtsp-server.ts';
import { runCameraCycles } from '../src/testing/camera-cycles.ts';

const { values } = parseArgs({ options: { cycles: { type: 'string', default: '200' } } });
const server = createRtspServer({
  cameras: [{ path: 'gate', file: 'test-fixtures/clips/town-square.mp4' }],
});
const source = (await server.start()).url('gate');
const counts = await runCameraCycles(source, Number(values.cycles), true);
await server.stop();
process.stdout.write(`${JSON.stringify(counts)}\n`);
const { children, zombies, descriptors } = counts;
process.exitCode = children + zombies + descriptors > 0 ? 1 : 0;
