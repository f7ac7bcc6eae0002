/**
 * What a camera's session description (SDP, RFC 8866) promises to send, as far as one must know it before ffmpeg is
 * asked: whether there is video, and whether it can be decoded. Pure; lenient, since cameras write what they like.
 */

type OfferedVideo =
  | Readonly<{ kind: 'decodable' }>
  | Readonly<{ kind: 'no-video' }>
  | Readonly<{ kind: 'codec'; name: string }>;

/** Encoding names (IANA, RTP payload formats) of which ffmpeg knows both the packets and the codec. */
const decodable = new Set(
  'H264 H265 HEVC JPEG MP4V-ES MPV MP2T H261 H263 H263-1998 H263-2000 VP8 VP9 AV1 THEORA RAW'.split(
    ' ',
  ),
);
const longestShown = 32;

export function offeredVideo(description: string): OfferedVideo {
  const media = description.split(/^m=/m).slice(1);
  const videos = media.filter((part) => part.startsWith('video '));
  if (videos.length === 0) return { kind: 'no-video' };
  const names = videos.map(encodingName);
  const first = names[0];
  // A static payload type has no name; ffmpeg knows what it stands for.
  return first === undefined || names.some((name) => name !== undefined && decodable.has(name))
    ? { kind: 'decodable' }
    : { kind: 'codec', name: first.replace(/[^\w.+-]/g, '?').slice(0, longestShown) };
}

function encodingName(media: string): string | undefined {
  return /^a=rtpmap:\d+ +([^/\s][^/\r\n]*)/m.exec(media)?.[1]?.trim().toUpperCase();
}
