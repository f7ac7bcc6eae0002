/** The fragments of a recorded clip, as a camera's ring has them, for tests. */
import { execFileSync } from 'node:child_process';
import type { RawClip } from '../edge/clips/clip-ring.ts';

/** Six seconds of the town square. */
export function rawClip(eventIds: readonly string[] = [eventId]): RawClip {
  const file = `${import.meta.dirname}/../../test-fixtures/clips/town-square.mp4`;
  const movflags = 'frag_keyframe+empty_moov+default_base_moof';
  const args = ['-v', 'error', '-t', '6', '-i', file, '-map', '0:v:0', '-c', 'copy'];
  const bytes = execFileSync('ffmpeg', [...args, '-movflags', movflags, '-f', 'mp4', 'pipe:1'], {
    maxBuffer: 64 * 1024 ** 2,
  });
  const boxes = boxesOf(bytes);
  const named = (name: string): readonly Buffer[] =>
    boxes.filter((box) => box.toString('latin1', 4, 8) === name);
  const heads = named('moof');
  const fragments = named('mdat').map((body, index) => ({
    bytes: Buffer.concat([heads[index] ?? Buffer.alloc(0), body]),
    startMs: index * 2000,
    endMs: (index + 1) * 2000,
  }));
  const initialization = Buffer.concat([...named('ftyp'), ...named('moov')]);
  return { eventIds, initialization, fragments };
}

const eventId = '01890000-0000-7000-8000-000000000001';

/** The boxes of an MP4, outermost only (ISO/IEC 14496-12, 4.2). */
function boxesOf(bytes: Buffer): readonly Buffer[] {
  const boxes: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at))
    boxes.push(bytes.subarray(at, at + bytes.readUInt32BE(at)));
  return boxes;
}
