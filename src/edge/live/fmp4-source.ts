/**
 * A camera's own H.264 or H.265 as fragmented MP4, one fragment for each picture, copied and never transcoded; unless
 * something has to be hidden in it.
 */
import Mp4Frag from 'mp4frag';
import { fragmentKind } from '../../contract/live-stream.ts';
import {
  type FfmpegInput,
  liveCopyArguments,
  liveFilteredArguments,
} from '../camera/ffmpeg-arguments.ts';
import { startFfmpeg } from '../camera/ffmpeg-process.ts';
import type { LivePiece, LiveSink, LiveSource } from './live-source.ts';

/** What mp4frag gives in object mode. */
type Mp4Piece =
  | Readonly<{ type: 'init'; initialization: Buffer; mime: string }>
  | Readonly<{ type: 'segment'; segment: Buffer; keyframe: boolean }>;

/** `maskFilter` burns in what hides parts of the picture. */
export function openFmp4Source(
  input: FfmpegInput,
  sink: LiveSink,
  maskFilter?: string,
): LiveSource {
  const args =
    maskFilter === undefined ? liveCopyArguments(input) : liveFilteredArguments(input, maskFilter);
  const child = startFfmpeg({ args });
  const fragments = new Mp4Frag({ readableObjectMode: true });
  fragments.on('data', (piece: Mp4Piece) => {
    if (piece.type === 'init') sink.header({ format: 'fmp4', mime: piece.mime });
    sink.piece(toPiece(piece));
  });
  // Bytes that are no fragmented MP4: the stream has to be opened anew.
  fragments.on('error', () => void child.stop());
  child.stdout.on('data', (chunk: Buffer) => fragments.write(chunk));
  return { ended: child.closed.then(({ lines }) => lines), stop: child.stop };
}

function toPiece(piece: Mp4Piece): LivePiece {
  if (piece.type === 'init') {
    return { bytes: tagged(fragmentKind.initialization, piece.initialization), opens: true };
  }
  const kind = piece.keyframe ? fragmentKind.keyFrame : fragmentKind.other;
  return { bytes: tagged(kind, piece.segment), opens: piece.keyframe };
}

function tagged(kind: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(kind), bytes]);
}
