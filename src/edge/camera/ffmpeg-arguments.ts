/** The command lines of ffmpeg, put together by fluent-ffmpeg. No credentials ever come near them. */
import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';
import { noteFilters, showPictures, sizeFilters } from './picture-lines.ts';
import { scaleFilter } from './picture-size.ts';

/** What ffmpeg opens: an RTSP address without credentials, or a clip played in real time, perhaps for ever. */
export type FfmpegInput =
  | Readonly<{ kind: 'rtsp'; url: string }>
  | Readonly<{ kind: 'clip'; path: string; loop: boolean }>;

/** Decoders in hardware by ffmpeg's names: VA-API (Intel, AMD), Quick Sync (Intel), CUDA (NVIDIA). */
export type HardwareDecoder = 'vaapi' | 'qsv' | 'cuda';

type LivePicture = Readonly<{
  /** Stands in the command line, so that `ps` tells whose ffmpeg it is. */
  cameraId?: string | undefined;
  largestWidth: number;
  analysisFps: number;
  hardwareDecoder?: HardwareDecoder | undefined;
}>;

/** 8192x4320: no camera sends more, and a stream that claims more is not given the memory. */
const mostPixels = 8192 * 4320;

/** How long ffmpeg waits for a silent peer. */
const peerTimeoutSeconds = 20;
/**
 * The same of one that decodes: longer than any watchdog of ours, which says why, and longer than the box may stand still,
 * whose relay is the peer. It is there for the ffmpeg that nobody watches any more.
 */
const watchedPeerTimeoutSeconds = 180;

/**
 * Decodes an input in real time into raw rgb24 on stdout. On stderr it notes every decoded picture, and then those that are
 * passed on: all that may be due at the analysis rate, and few others.
 */
export function liveDecodeArguments(input: FfmpegInput, picture: LivePicture): readonly string[] {
  const thin = thinFilter(picture.analysisFps);
  const filters = [sizeFilters, noteFilters('decoded'), thin, noteFilters('passed-on')];
  const { hardwareDecoder: hardware } = picture;
  // Without an output format of its own ffmpeg brings the pictures back into ordinary memory by itself.
  const decoder = hardware === undefined ? [] : [`-hwaccel ${hardware}`];
  const options = [
    '-threads 1',
    `-max_pixels ${mostPixels}`,
    ...decoder,
    ...inputOptions(input, watchedPeerTimeoutSeconds),
  ];
  const { cameraId } = picture;
  const name = cameraId === undefined ? [] : [`-metadata title=${cameraId}`];
  const scaled = [...filters, scaleFilter(picture.largestWidth)];
  return decodeArguments(sourceOf(input), options, scaled, name);
}

/**
 * Passes pictures close to the multiples of the analysis interval, so that the others need not be scaled, converted
 * and copied (measured at 1920x1080 and 25 fps: half of all the work). It only ever drops, and too little rather than
 * too much: which pictures are analysed is decided by the decimator.
 */
function thinFilter(analysisFps: number): string {
  const interval = 1 / analysisFps;
  const half = interval / 2;
  const away = `abs(mod(t-start_t+${half},${interval})-${half})`;
  const near = `lte(${away},max(0.75*(t-prev_t),${0.15 * interval}))`;
  return `select='isnan(t)+isnan(prev_t)+lte(t,prev_t)+${near}'`;
}

/** Decodes a clip as fast as it goes; `inputFps` gives a bare elementary stream its rate. */
export function clipDecodeArguments(
  clip: Readonly<{ path: string; inputFps?: number | undefined }>,
  largestWidth: number,
): readonly string[] {
  const rate = clip.inputFps === undefined ? [] : [`-framerate ${clip.inputFps}`];
  const filters = [showPictures, scaleFilter(largestWidth)];
  return decodeArguments(`file:${clip.path}`, ['-threads 1', ...rate], filters);
}

/** Copies an input's own video into fragmented MP4 on stdout, one fragment for each picture. */
export function liveCopyArguments(input: FfmpegInput): readonly string[] {
  return fragmentedMp4(input).outputOptions(['-map 0:v:0', '-c copy'])._getArguments();
}

/** The same with one fragment for each key frame and what follows it, for keeping. */
export function recordingArguments(input: FfmpegInput): readonly string[] {
  return fragmentedMp4(input, 'frag_keyframe')
    .outputOptions(['-map 0:v:0', '-c copy'])
    ._getArguments();
}

/** Fragmented MP4 as one that can be sought in, its index first, times from zero; copied. */
export function joinArguments(from: string, to: string): readonly string[] {
  return ffmpeg(`file:${from}`)
    .inputOptions(['-nostdin', '-hide_banner', '-nostats', '-loglevel error'])
    .outputOptions(['-y', '-map 0:v:0', '-c copy', '-movflags +faststart'])
    .format('mp4')
    .output(`file:${to}`)
    ._getArguments();
}

/**
 * The same with a filter burnt in, which takes decoding and encoding: H.264 without a picture of delay, a key frame every
 * two seconds at 25 pictures a second, so that a viewer may start soon.
 */
export function liveFilteredArguments(input: FfmpegInput, filter: string): readonly string[] {
  return fragmentedMp4(input)
    .videoCodec('libx264')
    .videoFilters(`${filter},${scaleFilter(widestFiltered)},format=yuv420p`)
    .outputOptions(['-preset ultrafast', '-tune zerolatency', '-crf 26', '-g 50', '-an'])
    .outputOptions(['-fps_mode passthrough'])
    ._getArguments();
}

/** Encoding is what costs: a wider picture is shrunk to this. */
const widestFiltered = 1280;

function fragmentedMp4(input: FfmpegInput, fragments = 'frag_every_frame'): FfmpegCommand {
  return ffmpeg(sourceOf(input))
    .inputOptions([
      '-nostdin',
      '-hide_banner',
      '-nostats',
      '-loglevel error',
      ...inputOptions(input),
    ])
    .outputOptions([`-movflags ${fragments}+empty_moov+default_base_moof`])
    .format('mp4')
    .output('pipe:1');
}

/** Input options that every reader of a camera shares: TCP, a time limit, no waiting for more than it needs. */
function inputOptions(input: FfmpegInput, timeoutSeconds = peerTimeoutSeconds): readonly string[] {
  if (input.kind === 'clip') return input.loop ? ['-re', '-stream_loop -1'] : ['-re'];
  return [
    '-rtsp_transport tcp',
    `-timeout ${timeoutSeconds * 1_000_000}`,
    '-allowed_media_types video',
    '-fflags discardcorrupt',
    '-flags low_delay',
    // Without this ffmpeg holds the first pictures back for seconds to guess a frame rate that nobody asks for.
    '-fpsprobesize 0',
    '-probesize 2000000',
    '-analyzeduration 3000000',
  ];
}

function sourceOf(input: FfmpegInput): string {
  return input.kind === 'rtsp' ? input.url : `file:${input.path}`;
}

function decodeArguments(
  source: string,
  options: readonly string[],
  filters: readonly string[],
  name: readonly string[] = [],
): readonly string[] {
  return (
    ffmpeg(source)
      .inputOptions(['-nostdin', '-hide_banner', '-nostats', '-loglevel info', ...options])
      // One thread: with more, ffmpeg's raw video encoder holds every picture back until the next one comes.
      .outputOptions([
        '-map 0:v:0',
        '-fps_mode passthrough',
        '-pix_fmt rgb24',
        // A picture leaves in one piece, and not in forty of 32 KiB, each copied once more and waking its reader.
        '-avioflags direct',
        '-threads 1',
        ...name,
      ])
      .videoFilters(filters.join(','))
      .format('rawvideo')
      .output('pipe:1')
      ._getArguments()
  );
}
