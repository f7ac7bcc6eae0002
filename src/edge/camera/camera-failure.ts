/** Why a camera gives no picture, as a state and one sentence for the technician that names the place and the mend. */
import type { CameraState } from '../../contract/edge-report.ts';

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

/** ffmpeg's words for what is wrong with the stream itself, most telling first. */
const ffmpegFaults: readonly (readonly [RegExp, string])[] = [
  [/failed to execute|could not be started|ENOENT/, 'ffmpeg cannot be started; install ffmpeg'],
  [/No such file or directory/, 'there is no such file; check the path'],
  [/Permission denied/, 'it may not be read; give this service the right to read it'],
  [
    /matches no streams|Output file #?\d* ?does not contain/,
    'it carries no video; choose its video stream',
  ],
  [
    /Picture size \d+x\d+ is invalid|exceeds specified max pixel count/,
    'its picture is larger than 8192x4320; choose a smaller stream of the camera',
  ],
  [
    /Could not find codec parameters|Invalid data found|moov atom not found|Decoder .* not found/,
    'it sends no video that ffmpeg can decode; set its encoder to H.264 or H.265',
  ],
];

/** From what the relay met with, else from what ffmpeg said last, else from the mere end. */
export function describeEnd(
  { cameraId, place }: Place,
  relay: RelayFailure | undefined,
  lines: readonly string[],
): CameraFailure {
  if (relay !== undefined) return describeRelay({ cameraId, place }, relay);
  const what = faultIn(lines) ?? 'the stream ended; it is tried again';
  return { state: 'offline', reason: `camera ${cameraId}: ${place}: ${what}` };
}

/** `lines` are what ffmpeg said of a stream that has given no picture at all; none of one that has. */
export function describeSilence(
  { cameraId, place }: Place,
  seconds: number,
  lines: readonly string[] = [],
): CameraFailure {
  const fault = faultIn(lines);
  if (fault !== undefined)
    return { state: 'offline', reason: `camera ${cameraId}: ${place}: ${fault}` };
  const reason = `camera ${cameraId}: ${place} has sent no picture for ${seconds} s; check the camera and its network`;
  return { state: 'stalled', reason };
}

export function tellsFault(line: string): boolean {
  return faultIn([line]) !== undefined;
}

function faultIn(lines: readonly string[]): string | undefined {
  const said = lines.join('\n');
  return ffmpegFaults.find(([pattern]) => pattern.test(said))?.[1];
}

function describeRelay({ cameraId, place }: Place, failure: RelayFailure): CameraFailure {
  const offline = (what: string): CameraFailure => ({
    state: 'offline',
    reason: `camera ${cameraId}: the address ${place} ${what}`,
  });
  switch (failure.kind) {
    case 'unreachable':
      return offline(unreachable(failure.code));
    case 'forbidden':
      return offline(
        'has a host name that leads to this box itself or to an address that no camera may have; give the IP address of the camera',
      );
    case 'untrusted':
      return offline(
        `has a TLS certificate that is not trusted (${failure.detail}); name its CA in NODE_EXTRA_CA_CERTS`,
      );
    case 'unauthorized':
      return {
        state: 'auth-failed',
        reason: failure.hadCredentials
          ? `camera ${cameraId}: ${place} refused the user name or the password; correct them in the edge's configuration`
          : `camera ${cameraId}: ${place} wants a user name and a password; add them to the edge's configuration`,
      };
    case 'refused':
      return offline(refused(failure.status, failure.reason));
    case 'not-rtsp':
      return offline('does not speak RTSP; check the port');
    case 'no-answer':
      return offline('takes the connection but does not answer; restart the camera');
    case 'oversized':
      return offline('sends answers that are too long for RTSP; check that it is a camera');
    case 'no-video':
      return offline('offers no video; choose the path of its video stream');
    case 'codec':
      return offline(
        `sends video as ${failure.name}, which cannot be decoded; set its encoder to H.264 or H.265`,
      );
    case 'ended':
      return offline('closed the connection; it is tried again');
    default:
      return failure satisfies never;
  }
}

function unreachable(code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused the connection; check host and port';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'has a host name that cannot be resolved; check the name or give the IP address';
    case 'ETIMEDOUT':
      return 'does not answer; check that the camera has power and is on the network';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'cannot be reached from this box; check the network between them';
    default:
      return `cannot be reached (${code}); check host, port and network`;
  }
}

function refused(status: number, reason: string): string {
  if (status === 404) return 'is not known to the camera; check the path';
  if (status === 403) return 'is forbidden by the camera; give the account the right to view';
  if (status === 453 || status === 503) return 'is busy; allow more viewers at the camera';
  if (status >= 300 && status < 400) return 'has moved; give the address where it is now';
  return `was refused by the camera (${status} ${reason.slice(0, 60)}); check the path`;
}
