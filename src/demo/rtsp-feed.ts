/**
 * One looping clip as RTP packets: `ffmpeg -re -stream_loop -1 -c copy -f rtp` to a local UDP port, handed to every
 * reader. The packets since the last key frame are kept, so that a new reader starts with a whole picture.
 */
import { createSocket } from 'node:dgram';
import { type FfmpegProcess, startFfmpeg } from '../edge/camera/ffmpeg-process.ts';

export type RtspFeed = Readonly<{
  /** Resolves with the session description once the clip plays; rejects when ffmpeg cannot play it. */
  start: () => Promise<string>;
  stop: () => Promise<void>;
  /** Gives the packets since the last key frame at once, then all that come; answers how to leave. */
  subscribe: (onPacket: (packet: Buffer) => void) => () => void;
}>;

const startWithinMs = 10_000;
const mostKeptPackets = 20_000;
const receiveBufferBytes = 4 * 1024 * 1024;

export function createRtspFeed(file: string): RtspFeed {
  const socket = createSocket('udp4');
  const readers = new Set<(packet: Buffer) => void>();
  let kept: KeptPackets = createKeptPackets('');
  let child: FfmpegProcess | undefined;

  socket.on('message', (packet) => {
    kept.add(packet);
    for (const reader of readers) reader(packet);
  });

  return {
    start: async () => {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(0, '127.0.0.1', () => resolve());
      });
      try {
        socket.setRecvBufferSize(receiveBufferBytes);
      } catch {
        socket.setRecvBufferSize(receiveBufferBytes / 32);
      }
      child = startFfmpeg({ args: feedArguments(file, socket.address().port) });
      const description = await readDescription(child, file);
      kept = createKeptPackets(description);
      return description;
    },
    stop: async () => {
      readers.clear();
      await child?.stop();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
    subscribe: (onPacket) => {
      for (const packet of kept.packets()) onPacket(packet);
      readers.add(onPacket);
      return () => readers.delete(onPacket);
    },
  };
}

function feedArguments(file: string, port: number): readonly string[] {
  return [
    ...['-nostdin', '-v', 'error', '-re', '-stream_loop', '-1', '-i', `file:${file}`],
    ...['-map', '0:v:0', '-c', 'copy', '-f', 'rtp', '-payload_type', '96'],
    ...[`rtp://127.0.0.1:${port}?pkt_size=1316`, '-sdp_file', 'pipe:1'],
  ];
}

/** ffmpeg prints the description on stdout and ends it with the media's last attribute; JPEG has only the first. */
function readDescription(child: FfmpegProcess, file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`the clip ${file} gave no session description within 10 s`)),
      startWithinMs,
    );
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      if (!/a=fmtp:[^\n]*\n|a=rtpmap:\d+ JPEG\/[^\n]*\n/.test(text)) return;
      clearTimeout(timer);
      resolve(tidyDescription(text));
    });
    void child.closed.then(({ lines }) => {
      clearTimeout(timer);
      reject(new Error(`the clip ${file} cannot be served: ${lines.at(-1) ?? 'ffmpeg ended'}`));
    });
  });
}

function tidyDescription(text: string): string {
  const lines = text
    .replace(/^SDP:\s*/, '')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.replace(/^m=video \d+/, 'm=video 0'));
  return `${[...lines, 'a=control:streamid=0'].join('\r\n')}\r\n`;
}

type KeptPackets = Readonly<{ add: (packet: Buffer) => void; packets: () => readonly Buffer[] }>;

function createKeptPackets(description: string): KeptPackets {
  const startsKeyFrame = keyFrameTest(description);
  let packets: Buffer[] = [];
  let unitStart = 0;
  let unitTime: number | undefined;
  return {
    add: (packet) => {
      if (packet.length < 16) return;
      const time = packet.readUInt32BE(4);
      if (time !== unitTime) {
        unitTime = time;
        unitStart = packets.length;
      }
      packets.push(packet);
      if (startsKeyFrame(packet) && unitStart > 0) {
        packets = packets.slice(unitStart);
        unitStart = 0;
      }
      if (packets.length > mostKeptPackets) packets = [];
    },
    packets: () => packets,
  };
}

function keyFrameTest(description: string): (packet: Buffer) => boolean {
  if (/H265\/90000/.test(description)) return isHevcKeyFrame;
  return /JPEG\/90000/.test(description) ? () => true : isAvcKeyFrame;
}

/** RFC 6184: an IDR slice, a fragment of one, or an aggregate that starts with a parameter set. */
function isAvcKeyFrame(packet: Buffer): boolean {
  const type = (packet[12] ?? 0) & 0x1f;
  if (type === 28) return ((packet[13] ?? 0) & 0x1f) === 5;
  if (type === 24) return [5, 7].includes((packet[15] ?? 0) & 0x1f);
  return type === 5;
}

/** RFC 7798: IDR and CRA pictures (types 19 to 21), a fragment of one, or an aggregate that starts with a parameter set. */
function isHevcKeyFrame(packet: Buffer): boolean {
  const type = ((packet[12] ?? 0) >> 1) & 0x3f;
  if (type === 49) return [19, 20, 21].includes((packet[14] ?? 0) & 0x3f);
  return (type >= 19 && type <= 21) || type === 48;
}
