/**
 * Asks a camera for its session description, and nothing more: one small exchange that tells whether an ffmpeg is worth
 * starting. A camera that is away, refuses, or speaks nonsense would cost a process for every attempt otherwise.
 */
import { connectToCamera } from './camera-connection.ts';
import type { RelayFailure } from './camera-failure.ts';
import type { RtspSource } from './camera-source.ts';
import { createRelaySigner } from './relay-signer.ts';
import { framingFailure, unwantedOffer } from './rtsp-answer.ts';
import {
  createRtspReader,
  formatRtspMessage,
  RtspFramingError,
  type RtspRequest,
  type RtspResponse,
} from './rtsp-message.ts';

const answerWithinMs = 5000;

/** Undefined when the camera would play, or `stop` came first. Never rejects. */
export function probeCamera(
  source: RtspSource,
  stop: AbortSignal,
): Promise<RelayFailure | undefined> {
  return new Promise((resolve) => {
    const signer = createRelaySigner(source.credentials);
    const reader = createRtspReader();
    const settle = (failure: RelayFailure | undefined): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
      camera.destroy();
      resolve(failure);
    };
    const onStop = (): void => settle(undefined);
    const camera = connectToCamera(source, settle);
    const timer = setTimeout(() => settle({ kind: 'no-answer' }), answerWithinMs);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) return onStop();

    const ask = (request: RtspRequest): void => void camera.write(formatRtspMessage(request));
    const judge = (response: RtspResponse): void => {
      const verdict = signer.settle(response);
      if (verdict.retry !== undefined) ask(verdict.retry);
      else if (response.status >= 200) settle(unwantedOffer(response) ?? verdict.failure);
    };
    camera.on('data', (chunk) => {
      try {
        for (const unit of reader.push(chunk)) if (unit.kind === 'response') judge(unit);
      } catch (error) {
        if (!(error instanceof RtspFramingError)) throw error;
        settle(framingFailure(error));
      }
    });
    camera.on('close', () => settle({ kind: 'ended' }));
    ask(signer.sign(describeRequest(source)));
  });
}

function describeRequest({ address }: RtspSource): RtspRequest {
  const headers = [
    ['CSeq', '1'],
    ['Accept', 'application/sdp'],
  ] as const;
  return { kind: 'request', method: 'DESCRIBE', url: address, headers, body: Buffer.alloc(0) };
}
