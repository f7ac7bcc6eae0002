/** Events and a clip on a disk that somebody else fills; prints what became of them as its last line. */
import { appendFileSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { openClipShelf } from '../edge/clips/clip-shelf.ts';
import { openOutbox } from '../edge/uplink/outbox.ts';
import { rawClip } from './clips.ts';
import { crossingDraft } from './events.ts';

const folder = process.argv[2] ?? '';
const outbox = openOutbox(join(folder, 'outbox.sqlite'), 'edge-1', {
  maxBytes: 2 * 1024 ** 2,
  ballastBytes: 1024 ** 2,
});
const shelf = openClipShelf({
  folder: join(folder, 'clips'),
  boundsOf: () => ({ maxBytes: 1e9, keepDays: 1 }),
  onDropped: () => undefined,
});
const raw = rawClip();
const size = raw.fragments.reduce((sum, { bytes }) => sum + bytes.length, 0);
// Room for half a clip: it fails in the middle of its writing.
const filler = join(folder, 'half');
try {
  for (let left = 12 * 1024 ** 2; left > 0; left -= 4096)
    appendFileSync(filler, Buffer.alloc(4096));
} catch {
  // Full.
}
truncateSync(filler, statSync(filler).size - Math.floor(size / 2));
const refused = await shelf.keep('cam-1', raw, 0).then(
  () => false,
  () => true,
);
const left = readdirSync(join(folder, 'clips'));
let eventsKept = 0;
for (let event = 0; event < 200; event += 1) {
  outbox.add(crossingDraft(), event);
  eventsKept += 1;
}
rmSync(filler);
const keptAfterwards = await shelf.keep('cam-1', raw, 0).then(
  () => true,
  () => false,
);
outbox.close();
process.stdout.write(`${JSON.stringify({ refused, left, eventsKept, keptAfterwards })}\n`);
