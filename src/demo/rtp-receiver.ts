/**
 * A loudspeaker made of a UDP port: receives RTP audio, alone or in a multicast group, and writes what it hears as a
 * WAV file, the announcements one after the other: 16-bit samples for PCMU, the payload as it came for PCMA and G.722
 * (WAV knows both). The file is complete up to the last second at any time; lost packets are silence.
 */
import { createSocket, type Socket } from 'node:dgram';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type RtpReceiverSettings = Readonly<{
  /** Own address to listen at, also the network card for a group; the default is loopback. */
  host?: string;
  /** 0 or none takes a free even one. */
  port?: number;
  multicastGroup?: string;
  wavFile: string;
}>;

/** One announcement. */
type ReceivedStream = Readonly<{
  /** SSRC: a new one is a new stream. */
  source: number;
  payloadType: number;
  packets: number;
  packetBytes: readonly number[];
  lostPackets: number;
  /** Wall clock. */
  firstPacketAtMs: number;
  lastPacketAtMs: number;
  /** Between the packets' arrivals. */
  gapP50Ms: number;
  gapP99Ms: number;
}>;

type RtpStatistics = Readonly<{
  packets: number;
  lostPackets: number;
  /** The newest ones, oldest first. */
  streams: readonly ReceivedStream[];
}>;

export type RtpReceiver = Readonly<{
  /** Resolves with the port. */
  start: () => Promise<number>;
  statistics: () => RtpStatistics;
  stop: () => Promise<void>;
}>;

type Stream = {
  readonly source: number;
  readonly payloadType: number;
  readonly firstSequence: number;
  readonly firstPacketAtMs: number;
  readonly payloads: Map<number, Uint8Array>;
  readonly sizes: Set<number>;
  readonly arrivalsMs: number[];
  lastIndex: number;
  lastPacketAtMs: number;
};

const headerBytes = 12;
const writeEveryMs = 1000;
const payloadBytes = 160;
/** Older announcements leave the file, so that a receiver may run for weeks. */
const keptStreams = 50;
const pauseBytes = 4000;
/** Payload type -> WAV format tag, samples per second, and the byte that stands for silence. */
const formats: Readonly<Record<number, readonly [tag: number, rate: number, silence: number]>> = {
  0: [1, 8000, 0xff],
  8: [6, 8000, 0xd5],
  9: [0x028f, 16000, 0x00],
};

export function createRtpReceiver(settings: RtpReceiverSettings): RtpReceiver {
  let streams: readonly Stream[] = [];
  let forgotten = { packets: 0, lostPackets: 0 };
  let socket: Socket | undefined;
  let writing: NodeJS.Timeout | undefined;

  const streamOf = (packet: Buffer): Stream => {
    const source = packet.readUInt32BE(8);
    const known = streams.find((stream) => stream.source === source);
    if (known !== undefined) return known;
    const stream = newStream(packet);
    const kept = streams.slice(-(keptStreams - 1));
    forgotten = sumOf(forgotten, streams.slice(0, streams.length - kept.length).map(reportOf));
    streams = [...kept, stream];
    return stream;
  };

  const take = (packet: Buffer): void => {
    if (packet.length <= headerBytes || packet.readUInt8(0) >> 6 !== 2) return;
    add(streamOf(packet), packet);
    writing ??= setTimeout(() => {
      writing = undefined;
      write(settings.wavFile, streams);
    }, writeEveryMs);
  };

  return {
    start: async () => {
      mkdirSync(dirname(settings.wavFile), { recursive: true });
      socket = await listen(settings);
      socket.on('message', take);
      return socket.address().port;
    },
    statistics: () => {
      const reports = streams.map(reportOf);
      return { ...sumOf(forgotten, reports), streams: reports };
    },
    stop: async () => {
      const open = socket;
      socket = undefined;
      clearTimeout(writing);
      await new Promise<void>((resolve) => (open === undefined ? resolve() : open.close(resolve)));
      write(settings.wavFile, streams);
    },
  };
}

type Sum = Readonly<{ packets: number; lostPackets: number }>;

function sumOf(before: Sum, reports: readonly ReceivedStream[]): Sum {
  return {
    packets: reports.reduce((sum, { packets }) => sum + packets, before.packets),
    lostPackets: reports.reduce((sum, { lostPackets }) => sum + lostPackets, before.lostPackets),
  };
}

/** RTP wants an even port; the system gives any, so it is asked until it gives an even one. */
async function listen(settings: RtpReceiverSettings): Promise<Socket> {
  const { host = '127.0.0.1', port = 0, multicastGroup } = settings;
  for (;;) {
    const socket = createSocket({ type: 'udp4', reuseAddr: multicastGroup !== undefined });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, multicastGroup ?? host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    if (port !== 0 || socket.address().port % 2 === 0) {
      if (multicastGroup !== undefined) socket.addMembership(multicastGroup, host);
      return socket;
    }
    socket.close();
  }
}

function newStream(packet: Buffer): Stream {
  const nowMs = Date.now();
  return {
    source: packet.readUInt32BE(8),
    payloadType: packet.readUInt8(1) & 0x7f,
    firstSequence: packet.readUInt16BE(2),
    firstPacketAtMs: nowMs,
    payloads: new Map(),
    sizes: new Set(),
    arrivalsMs: [],
    lastIndex: -1,
    lastPacketAtMs: nowMs,
  };
}

function add(stream: Stream, packet: Buffer): void {
  // Sequence numbers wrap at 65536; an announcement is far shorter, so the distance to the first one is exact.
  const index = (packet.readUInt16BE(2) - stream.firstSequence) & 0xffff;
  stream.payloads.set(index, Uint8Array.from(packet.subarray(headerBytes)));
  stream.sizes.add(packet.length);
  stream.arrivalsMs.push(performance.now());
  stream.lastIndex = Math.max(stream.lastIndex, index);
  stream.lastPacketAtMs = Date.now();
}

function reportOf(stream: Stream): ReceivedStream {
  const gaps = stream.arrivalsMs
    .slice(1)
    .map((at, index) => at - (stream.arrivalsMs[index] ?? at))
    .sort((a, b) => a - b);
  const quantile = (part: number): number => gaps[Math.floor(part * (gaps.length - 1))] ?? 0;
  const { source, payloadType, firstPacketAtMs, lastPacketAtMs } = stream;
  return {
    ...{ source, payloadType, firstPacketAtMs, lastPacketAtMs },
    packets: stream.arrivalsMs.length,
    packetBytes: [...stream.sizes],
    lostPackets: stream.lastIndex + 1 - stream.payloads.size,
    gapP50Ms: quantile(0.5),
    gapP99Ms: quantile(0.99),
  };
}

/** Announcements of another codec than the first one's are counted, but one WAV file holds one codec. */
function write(wavFile: string, streams: readonly Stream[]): void {
  const payloadType = streams[0]?.payloadType ?? 0;
  const format = formats[payloadType];
  if (format === undefined || streams.length === 0) return;
  const [tag, rate, silence] = format;
  const pause = new Uint8Array(pauseBytes).fill(silence);
  const heard = streams
    .filter((stream) => stream.payloadType === payloadType)
    .flatMap((stream, index) => [...(index === 0 ? [] : [pause]), payloadOf(stream, silence)]);
  const payload = Buffer.concat(heard);
  const sound = tag === 1 ? decodeMuLaw(payload) : payload;
  writeFileSync(wavFile, Buffer.concat([wavHeader(tag, rate, sound.length), sound]));
}

function payloadOf(stream: Stream, silence: number): Uint8Array {
  const payload = new Uint8Array((stream.lastIndex + 1) * payloadBytes).fill(silence);
  for (const [index, bytes] of stream.payloads) {
    payload.set(bytes.subarray(0, payloadBytes), index * payloadBytes);
  }
  return payload;
}

/** ITU-T G.711: sign, three bits of exponent, four of mantissa, all inverted; the bias is 33 at 14 bits. */
function decodeMuLaw(payload: Uint8Array): Uint8Array {
  const samples = Int16Array.from(payload, (byte) => {
    const code = ~byte & 0xff;
    const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code >> 4) & 0x07)) - 0x84;
    return (code & 0x80) === 0 ? magnitude : -magnitude;
  });
  return new Uint8Array(samples.buffer);
}

function wavHeader(tag: number, rate: number, dataBytes: number): Uint8Array {
  const bits = tag === 1 ? 16 : tag === 6 ? 8 : 4;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(tag, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE((rate * bits) / 8, 28);
  header.writeUInt16LE(Math.max(1, bits / 8), 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
