/**
 * From the microphone to the lane: opens the socket and the microphone together, sends while it lasts, and lets go of both.
 * What is captured before the centre said `ready`, or while the line does not carry it, is not sent: it would only be late.
 */
import { type TalkAnswer, talkNumberBytes } from '../../contract/talk.ts';
import { createOnTheWay } from './on-the-way.ts';

export type TalkState =
  | Readonly<{ kind: 'idle' }>
  | Readonly<{ kind: 'opening' }>
  /**
   * `delayMs` from the microphone to the speaker's first packet, as far as it can be measured from here; `missing` are
   * speakers of a zone that do not hear it.
   */
  | Readonly<{ kind: 'talking'; delayMs?: number; missing: readonly string[] }>
  | Readonly<{ kind: 'busy'; by: string }>
  | Readonly<{ kind: 'failed'; reason: string }>;

export type TalkLink = Readonly<{ release: () => void }>;

/** 20 ms until a message is full, and two packets that the centre gathers so that they leave evenly. */
const gatheringMs = 60;
/** The socket stays so long for the centre's last word. */
const partingMs = 1000;

/** The path of the camera's or the speaker's socket. */
export function openTalk(path: string, onState: (state: TalkState) => void): TalkLink {
  const letGo = new AbortController();
  const { signal } = letGo;
  onState({ kind: 'opening' });
  const microphone = openMicrophone();
  const socket = new WebSocket(talkAddress(path));
  const end = (state: TalkState): void => {
    if (signal.aborted) return;
    letGo.abort();
    onState(state);
  };
  signal.addEventListener('abort', () => {
    microphone.then(stopTracks, () => undefined);
    if (socket.readyState === WebSocket.OPEN) socket.send('release');
    window.setTimeout(() => socket.close(), partingMs);
  });
  microphone.catch((error: unknown) => end({ kind: 'failed', reason: reasonOf(error) }));

  const onTheWay = createOnTheWay();
  let missing: readonly string[] = [];
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    const answer = JSON.parse(data) as TalkAnswer;
    switch (answer.kind) {
      case 'ready':
        missing = answer.missing ?? [];
        capture(microphone, answer.sampleRate, signal, (samples) => {
          if (!onTheWay.isFull()) onTheWay.sent(sendSamples(socket, samples), performance.now());
        }).then(
          () => (signal.aborted ? undefined : onState({ kind: 'talking', missing })),
          (error: unknown) => end({ kind: 'failed', reason: reasonOf(error) }),
        );
        break;
      case 'passed-on': {
        const tookMs = onTheWay.passedOn(answer.number, performance.now());
        if (tookMs === undefined || signal.aborted) break;
        const delayMs = Math.round(tookMs / 2 + gatheringMs);
        onState({ kind: 'talking', delayMs, missing });
        break;
      }
      case 'busy':
        end({ kind: 'busy', by: answer.by });
        break;
      case 'refused':
        end({ kind: 'failed', reason: answer.reason });
        break;
      case 'ended':
        end(endOf(answer.reason));
        socket.close();
        break;
      default:
        answer satisfies never;
    }
  };
  socket.onclose = () => end({ kind: 'failed', reason: 'connection' });
  return { release: () => end({ kind: 'idle' }) };
}

function endOf(reason: string | undefined): TalkState {
  return reason === undefined ? { kind: 'idle' } : { kind: 'failed', reason };
}

function talkAddress(path: string): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}${path}`;
}

/** Browsers give the microphone to pages of https and of this machine only. */
async function openMicrophone(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) throw new Error('insecure');
  return navigator.mediaDevices.getUserMedia({
    audio: {
      channelCount: 1,
      // Nothing of the lane is heard in the duty room, and each of these takes time.
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    },
  });
}

async function capture(
  microphone: Promise<MediaStream>,
  sampleRate: number,
  signal: AbortSignal,
  take: (samples: Int16Array) => void,
): Promise<void> {
  const audio = new AudioContext({ sampleRate, latencyHint: 'interactive' });
  signal.addEventListener('abort', () => void audio.close());
  const [stream] = await Promise.all([
    microphone,
    audio.audioWorklet.addModule('./talk-worklet.js'),
  ]);
  if (signal.aborted) return;
  const processor = new AudioWorkletNode(audio, 'talk-capture');
  processor.port.onmessage = ({ data }: MessageEvent<Int16Array>) => {
    if (!signal.aborted) take(data);
  };
  // It says nothing to the loudspeakers here, but only what leads to them is run.
  audio.createMediaStreamSource(stream).connect(processor).connect(audio.destination);
  await audio.resume();
}

let sentMessages = 0;

/** Answers with the number under which they went. */
function sendSamples(socket: WebSocket, samples: Int16Array): number {
  const message = new DataView(new ArrayBuffer(talkNumberBytes + samples.length * 2));
  const number = sentMessages;
  sentMessages = (sentMessages + 1) % 2 ** 32;
  message.setUint32(0, number, true);
  samples.forEach((sample, index) => {
    message.setInt16(talkNumberBytes + index * 2, sample, true);
  });
  if (socket.readyState === WebSocket.OPEN) socket.send(message.buffer);
  return number;
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException) return error.name;
  return error instanceof Error ? error.message : String(error);
}
