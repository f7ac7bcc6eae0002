/** Keeps one clip after another in a folder until it is killed; says once that it has begun. */
import { openClipShelf } from '../edge/clips/clip-shelf.ts';
import { rawClip } from './clips.ts';

const raw = rawClip();
const shelf = openClipShelf({
  folder: process.argv[2] ?? '',
  boundsOf: () => ({ maxBytes: 2e6, keepDays: 1000 }),
  onDropped: () => undefined,
});
process.stdout.write('writing\n');
for (;;) await shelf.keep('cam-1', raw, 0);
