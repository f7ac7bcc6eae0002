/** The parts of two packages without types that the live room uses. */

declare module 'mp4frag' {
  import { Transform } from 'node:stream';

  class Mp4Frag extends Transform {
    constructor(options: Readonly<{ readableObjectMode: true }>);
  }

  export = Mp4Frag;
}

declare module 'node-rtsp-stream' {
  import { EventEmitter } from 'node:events';

  /** Emits `camdata` with MPEG-TS bytes. The constructor starts everything. */
  class VideoStream extends EventEmitter {
    options: Readonly<{
      name: string;
      streamUrl: string;
      ffmpegPath: string;
      ffmpegOptions: Readonly<Record<string, string | number>>;
    }>;
    constructor(options: VideoStream['options']);
    startMpeg1Stream(): this;
    pipeStreamToSocketServer(): this;
    stop(): this;
  }

  export = VideoStream;
}

declare module 'node-rtsp-stream/mpeg1muxer.js' {
  import type { ChildProcessWithoutNullStreams } from 'node:child_process';
  import { EventEmitter } from 'node:events';

  /** Emits `mpeg1data` and `ffmpegStderr`. The constructor starts ffmpeg. */
  class Mpeg1Muxer extends EventEmitter {
    readonly stream: ChildProcessWithoutNullStreams;
    constructor(
      options: Readonly<{
        url: string;
        ffmpegPath: string;
        ffmpegOptions: Readonly<Record<string, string | number>>;
      }>,
    );
  }

  export = Mpeg1Muxer;
}
