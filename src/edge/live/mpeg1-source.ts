/**
 * A camera's pictures as MPEG-1 in MPEG-TS for JSMpeg, by node-rtsp-stream: the way for H.265 cameras and old
 * browsers. The package on its own opens a port to everybody, prints ffmpeg's output and takes an end for nothing;
 * here it does the transcoding only.
 */
import VideoStream from 'node-rtsp-stream';
import Mpeg1Muxer from 'node-rtsp-stream/mpeg1muxer.js';
import type { FfmpegInput } from '../camera/ffmpeg-arguments.ts';
import type { LiveSink, LiveSource } from './live-source.ts';

const killAfterMs = 3000;
const keptText = 4000;

const smaller = "scale='min(704,iw)':-2";

/** MPEG-1 knows no 10, 15 or 20 pictures a second, and browsers decode it in software: keep it small. */
const transcoding = {
  '-an': '',
  '-r': 25,
  '-b:v': '1200k',
  '-bf': 0,
  '-loglevel': 'error',
} as const;

/** The package's stream without its WebSocket server and without its writing to stderr. */
class QuietVideoStream extends VideoStream {
  /** Only declared: the package's constructor starts the stream before fields would be set. */
  declare readonly muxer: Mpeg1Muxer;

  override startMpeg1Stream(): this {
    const { streamUrl: url, ffmpegPath, ffmpegOptions } = this.options;
    const muxer = new Mpeg1Muxer({ url, ffmpegPath, ffmpegOptions });
    muxer.on('mpeg1data', (bytes: Buffer) => this.emit('camdata', bytes));
    // The package would print to the console when ffmpeg fails.
    muxer.stream.removeAllListeners('exit');
    return Object.assign(this, { muxer });
  }

  override pipeStreamToSocketServer(): this {
    return this;
  }

  override stop(): this {
    this.muxer.stream.kill('SIGTERM');
    return this;
  }
}

/** `url` is the relay's, or a clip's path; ffmpeg asks the relay for UDP first and is told to use the connection. */
export function openMpeg1Source(
  input: FfmpegInput,
  sink: LiveSink,
  maskFilter?: string,
): LiveSource {
  const masked = maskFilter === undefined ? smaller : `${maskFilter},${smaller}`;
  const stream = new QuietVideoStream({
    name: 'live',
    streamUrl: input.kind === 'rtsp' ? input.url : `file:${input.path}`,
    ffmpegPath: 'ffmpeg',
    ffmpegOptions: {
      ...transcoding,
      '-vf': input.kind === 'rtsp' ? masked : `realtime,${masked}`,
    },
  });
  const child = stream.muxer.stream;
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-keptText);
  });
  sink.header({ format: 'mpeg1' });
  stream.on('camdata', (bytes: Buffer) => sink.piece({ bytes, opens: true }));

  const ended = new Promise<readonly string[]>((resolve) => {
    const tell = () => resolve(said.split('\n').filter((line) => line !== ''));
    child.once('close', tell);
    child.once('error', (error) => {
      said += `\nffmpeg could not be started: ${error.message}`;
      if (child.pid === undefined) tell();
    });
  });
  return {
    ended,
    stop: async () => {
      child.stdout.destroy();
      stream.stop();
      const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
