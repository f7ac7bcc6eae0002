/** Puts the fragments of a clip together to an MP4 that a browser plays and seeks in; nothing is transcoded. */
import { open, rm } from 'node:fs/promises';
import { joinArguments } from '../camera/ffmpeg-arguments.ts';
import { startFfmpeg } from '../camera/ffmpeg-process.ts';
import type { RawClip } from './clip-ring.ts';
import { unfinished } from './durable-file.ts';

/** Writes to `file`. Rejects when the disk does not take it or the stream cannot be put together. */
export async function joinClip(clip: RawClip, file: string): Promise<void> {
  const fragmented = `${file}.raw${unfinished}`;
  try {
    await writeFragments(clip, fragmented);
    const child = startFfmpeg({ args: joinArguments(fragmented, file) });
    child.stdout.resume();
    const { code, lines } = await child.closed;
    if (code !== 0) throw new Error(`the clip could not be put together: ${lines.join('; ')}`);
  } finally {
    await rm(fragmented, { force: true });
  }
}

async function writeFragments({ initialization, fragments }: RawClip, file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(initialization);
    for (const { bytes } of fragments) await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}
