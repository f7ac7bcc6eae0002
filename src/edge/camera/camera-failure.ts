/** Why a camera gives no picture, as a state and one sentence for the technician that names the place and the mend. */

import type { CameraState } from '../../contract/edge-report.ts';
import { because, type ReasonCode } from '../../contract/reason.ts';

/** What the relay to an RTSP camera met with; `code` is Node's error code. */
export type RelayFailure =
  | Readonly<{ kind: 'unreachable'; code: string }>
  | Readonly<{ kind: 'forbidden' }>
  | Readonly<{ kind: 'untrusted'; detail: string }>
  | Readonly<{ kind: 'unauthorized'; hadCredentials: boolean }>
  | Readonly<{ kind: 'refused'; status: number; reason: string }>
  | Readonly<{ kind: 'no-answer' }>
  | Readonly<{ kind: 'not-rtsp' }>
  | Readonly<{ kind: 'oversized' }>
  | Readonly<{ kind: 'no-video' }>
  | Readonly<{ kind: 'codec'; name: string }>
  | Readonly<{ kind: 'ended' }>;

export type CameraFailure = Readonly<{
  state: Extract<CameraState, 'stalled' | 'auth-failed' | 'offline'>;
  reason: string;
}>;

type Place = Readonly<{ cameraId: string; place: string }>;
type StreamReason = Extract<ReasonCode, `stream-${string}`>;

/** ffmpeg's words for what is wrong with the stream itself, most telling first. */
const ffmpegFaults: readonly (readonly [RegExp, StreamReason])[] = [
  [/failed to execute|could not be started|ENOENT/, 'stream-no-ffmpeg'],
  [/No such file or directory/, 'stream-no-file'],
  [/Permission denied/, 'stream-no-permission'],
  [/matches no streams|Output file #?\d* ?does not contain/, 'stream-no-video'],
  [/Picture size \d+x\d+ is invalid|exceeds specified max pixel count/, 'stream-too-large'],
  [
    /Could not find codec parameters|Invalid data found|moov atom not found|Decoder .* not found/,
    'stream-undecodable',
  ],
];

/** From what the relay met with, else from what ffmpeg said last, else from the mere end. */
export function describeEnd(
  { cameraId, place }: Place,
  relay: RelayFailure | undefined,
  lines: readonly string[],
): CameraFailure {
  if (relay !== undefined) return describeRelay({ cameraId, place }, relay);
  const what = because(faultIn(lines) ?? 'stream-ended');
  return { state: 'offline', reason: because('camera-stream', { cameraId, place, what }) };
}

/** `lines` are what ffmpeg said of a stream that has given no picture at all; none of one that has. */
export function describeSilence(
  { cameraId, place }: Place,
  seconds: number,
  lines: readonly string[] = [],
): CameraFailure {
  const fault = faultIn(lines);
  if (fault !== undefined) {
    const what = because(fault);
    return { state: 'offline', reason: because('camera-stream', { cameraId, place, what }) };
  }
  return { state: 'stalled', reason: because('camera-silent', { cameraId, place, seconds }) };
}

export function tellsFault(line: string): boolean {
  return faultIn([line]) !== undefined;
}

function faultIn(lines: readonly string[]): StreamReason | undefined {
  const said = lines.join('\n');
  return ffmpegFaults.find(([pattern]) => pattern.test(said))?.[1];
}

function describeRelay({ cameraId, place }: Place, failure: RelayFailure): CameraFailure {
  const offline = (what: string): CameraFailure => ({
    state: 'offline',
    reason: because('camera-address', { cameraId, place, what }),
  });
  switch (failure.kind) {
    case 'unreachable':
      return offline(unreachable(failure.code));
    case 'forbidden':
      return offline(
        'has a host name that leads to this box itself or to an address that no camera may have; give the IP address of the camera',
      );
    case 'untrusted':
      return offline(because('address-untrusted', { detail: failure.detail }));
    case 'unauthorized':
      return {
        state: 'auth-failed',
        reason: because(
          failure.hadCredentials ? 'camera-password-refused' : 'camera-password-wanted',
          { cameraId, place },
        ),
      };
    case 'refused':
      return offline(refused(failure.status, failure.reason));
    case 'not-rtsp':
      return offline(because('address-not-rtsp'));
    case 'no-answer':
      return offline(because('address-hangs'));
    case 'oversized':
      return offline(because('address-oversized'));
    case 'no-video':
      return offline(because('address-no-video'));
    case 'codec':
      return offline(because('address-codec', { codec: failure.name }));
    case 'ended':
      return offline(because('address-closed'));
    default:
      return failure satisfies never;
  }
}

function unreachable(code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return because('address-refuses');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return because('address-unresolved');
    case 'ETIMEDOUT':
      return because('address-silent');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return because('address-no-route');
    default:
      return because('address-unreachable', { code });
  }
}

function refused(status: number, reason: string): string {
  if (status === 404) return because('address-unknown-path');
  if (status === 403) return because('address-forbidden');
  if (status === 453 || status === 503) return because('address-busy');
  if (status >= 300 && status < 400) return because('address-moved');
  return because('address-refused', { said: `${status} ${reason.slice(0, 60)}` });
}
