/**
 * Hostile cameras as a program of their own, `hostile-process.ts KIND=PORT ...`, at the lowest priority: what they cost the
 * processor themselves would not be on the box. Prints `ready`.
 */
import { setPriority } from 'node:os';
import { type Hostility, openHostileCamera } from '../../src/testing/hostile-camera.ts';

setPriority(19);
await Promise.all(
  process.argv.slice(2).map((place) => {
    const [kind, port] = place.split('=');
    return openHostileCamera(kind as Hostility, 'rtsp://127.0.0.1:9/x', Number(port));
  }),
);
process.stdout.write('ready\n');
process.once('SIGTERM', () => process.exit(0));
