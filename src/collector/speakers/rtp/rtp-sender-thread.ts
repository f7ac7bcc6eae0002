/**
 * The thread that sends the packets of all RTP streams at their time, so that a busy main thread cannot delay them:
 * measured with both cores busy, gaps of 20 ms at the median and 25 ms at p99, as good as an ffmpeg child,
 * but the first packet leaves 20 ms after the order instead of 300.
 * Times are computed from the stream's start: a late packet does not shift those after it.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { createLivePackets, type LivePackets } from './live-packets.ts';
import type { SenderReply, SenderRequest, StreamAddress, StreamEnd } from './rtp-messages.ts';
import { packetMs, payloadBytes, rtpPacket } from './rtp-packet.ts';
import { bindRtpSocket, connectRtpSocket, networkReason } from './rtp-socket.ts';

type Channel = {
  readonly socket: Socket;
  /** Ends the stream that runs. */
  endStream?: (end: StreamEnd) => void;
  live?: LivePackets;
};

/** The payload of the next packet; undefined when there is none yet. */
type Supply = () => Uint8Array | 'end' | undefined;

/** Refusals in a row that end a stream; a single one may be a speaker that is just starting to listen. */
const refusalsThatEnd = 5;
/** After a longer standstill of the machine the stream goes on from where it was, without a burst. */
const longestCatchUpMs = 200;

/** Before everything else of this machine, where the system allows that (root, or CAP_SYS_NICE): sleeping most of the time, it takes nothing from others. */
const urgentPriority = -15;

const port = parentPort;
if (port === null) throw new Error('rtp-sender-thread.ts runs as a worker thread only');
hurry();
const channels = new Map<number, Channel>();
const reply = (message: SenderReply): void => port.postMessage(message);

port.on('message', (request: SenderRequest) => {
  const channel = channels.get(request.channelId);
  switch (request.kind) {
    case 'open':
      void open(request);
      return;
    case 'send':
      void run(request.channelId, request, wholePayload(request.payload));
      return;
    case 'live': {
      const live = createLivePackets(request.silence);
      if (channel !== undefined) channel.live = live;
      void run(request.channelId, request, live.next);
      return;
    }
    case 'write':
      channel?.live?.add(request.payload);
      return;
    case 'finish':
      channel?.live?.finish();
      return;
    case 'stop':
      channel?.endStream?.({ kind: 'stopped' });
      return;
    case 'close':
      channel?.endStream?.({ kind: 'stopped' });
      channels.delete(request.channelId);
      channel?.socket.close();
      return;
    default:
      request satisfies never;
  }
});

async function open({
  channelId,
  interfaceAddress,
}: Extract<SenderRequest, { kind: 'open' }>): Promise<void> {
  const bound = await bindRtpSocket(interfaceAddress);
  if (!bound.ok) {
    reply({ kind: 'refused', channelId, reason: bound.reason });
    return;
  }
  channels.set(channelId, { socket: bound.socket });
  reply({ kind: 'opened', channelId, port: bound.socket.address().port });
}

/** On Linux a thread has a priority of its own, and 0 names the thread that asks. */
function hurry(): void {
  try {
    setPriority(0, urgentPriority);
  } catch {
    // Without the right to it the thread goes as it goes.
  }
}

function wholePayload(payload: Uint8Array): Supply {
  let at = 0;
  return () => {
    if (at >= payload.length) return 'end';
    at += payloadBytes;
    return payload.subarray(at - payloadBytes, at);
  };
}

async function run(channelId: number, address: StreamAddress, supply: Supply): Promise<void> {
  const channel = channels.get(channelId);
  const end: StreamEnd =
    channel === undefined ? { kind: 'stopped' } : await stream(channel, address, supply);
  if (channel !== undefined) {
    delete channel.endStream;
    delete channel.live;
  }
  reply({ kind: 'ended', channelId, end });
}

async function stream(
  channel: Channel,
  { target, payloadType }: StreamAddress,
  supply: Supply,
): Promise<StreamEnd> {
  let end: StreamEnd | undefined;
  let wake = (): void => undefined;
  channel.endStream = (reached) => {
    end ??= reached;
    wake();
  };
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, ms);
    });

  const { socket } = channel;
  try {
    await connectRtpSocket(socket, target);
  } catch (error) {
    return { kind: 'unreachable', reason: networkReason(error, target) };
  }
  let refusals = 0;
  const onSendError = (error: Error): void => {
    refusals += 1;
    if (refusals >= refusalsThatEnd) {
      channel.endStream?.({ kind: 'unreachable', reason: networkReason(error, target) });
    }
  };
  socket.on('error', onSendError);

  const start = newStream(payloadType);
  const packets = await paced({
    sleep,
    ended: () => end !== undefined,
    supply,
    send: (index, payload) =>
      socket.send(rtpPacket(start, index, payload), (error) => {
        if (error !== null) onSendError(error);
      }),
  });
  socket.off('error', onSendError);
  return end ?? { kind: 'sent', packets };
}

/** Sends a packet each 20 ms until the supply or the stream ends; answers with how many. */
async function paced(turns: {
  readonly sleep: (ms: number) => Promise<void>;
  readonly ended: () => boolean;
  readonly supply: Supply;
  readonly send: (index: number, payload: Uint8Array) => void;
}): Promise<number> {
  let startedAtMs: number | undefined;
  for (let index = 0; ; ) {
    const payload = turns.ended() ? 'end' : turns.supply();
    if (payload === 'end') return index;
    if (payload === undefined) {
      await turns.sleep(packetMs / 4);
      continue;
    }
    startedAtMs ??= performance.now();
    turns.send(index, payload);
    index += 1;
    // Also after the last one, which takes its 20 ms to be heard.
    const aheadMs = startedAtMs + index * packetMs - performance.now();
    if (aheadMs > 0) await turns.sleep(aheadMs);
    else if (aheadMs < -longestCatchUpMs) startedAtMs -= aheadMs;
  }
}

function newStream(payloadType: number) {
  const random = randomBytes(10);
  return {
    payloadType,
    firstSequence: random.readUInt16BE(0),
    firstTimestamp: random.readUInt32BE(2),
    source: random.readUInt32BE(6),
  };
}
