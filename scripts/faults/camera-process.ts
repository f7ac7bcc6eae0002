/**
 * One camera as a program of its own, to be halted as a camera hangs: `camera-process.ts PORT CLIP`. Prints its address, and
 * for each line on its input how many connections have asked for it.
 */
import { createInterface } from 'node:readline';
import { createRtspServer } from '../../src/demo/rtsp-server.ts';

const [port = '0', clip = ''] = process.argv.slice(2);
const server = createRtspServer({ port: Number(port), cameras: [{ path: 'live', file: clip }] });
const { url } = await server.start();
process.stdout.write(`${url('live')}\n`);
createInterface({ input: process.stdin }).on('line', () =>
  process.stdout.write(`attempts ${server.attempts('live')}\n`),
);
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
