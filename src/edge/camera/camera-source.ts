/**
 * Where a camera's pictures come from, read from its configuration. Credentials inside an address are taken out here
 * and go nowhere but the relay; `place` is what may be shown and logged.
 */
import { because } from '../../contract/reason.ts';

import { isForbiddenHost } from './camera-address.ts';

export type CameraCredentials = Readonly<{ username: string; password: string }>;

/** `address` is the RTSP address without credentials. */
export type RtspSource = Readonly<{
  kind: 'rtsp';
  host: string;
  port: number;
  tls: boolean;
  address: string;
  place: string;
  credentials?: CameraCredentials;
}>;

export type CameraSource = RtspSource | Readonly<{ kind: 'clip'; path: string; place: string }>;

export type ReadSource =
  | Readonly<{ ok: true; source: CameraSource }>
  | Readonly<{ ok: false; reason: string }>;

type SourceText = Readonly<{
  cameraId: string;
  source: string;
  username?: string;
  password?: string;
}>;

/** Never throws; `reason` is one sentence that names the camera and the mend. */
export function readCameraSource(camera: SourceText): ReadSource {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(camera.source)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    if (bareCredentials.test(camera.source)) {
      return refused(camera, because('source-without-scheme'));
    }
    const place = camera.source.replace(/:.*@/s, ':***@');
    return { ok: true, source: { kind: 'clip', path: camera.source, place } };
  }
  if (scheme !== 'rtsp' && scheme !== 'rtsps') {
    return refused(camera, because('source-scheme', { scheme }));
  }
  const url = URL.canParse(camera.source) ? new URL(camera.source) : undefined;
  // What is escaped in a host would be looked up as it stands.
  if (url === undefined || url.hostname === '' || url.hostname.includes('%')) {
    return refused(camera, because('source-unreadable', { scheme }));
  }
  if (`${url.pathname}${url.search}${url.hash}`.includes('@')) {
    // Most likely the rest of a password: what stands before it would be taken for the host, and be shown.
    return refused(camera, because('source-at-sign'));
  }
  const source = rtspSource(url, scheme === 'rtsps', camera);
  if (isForbiddenHost(source.host)) {
    return refused(camera, because('source-forbidden', { host: source.host }));
  }
  return { ok: true, source };
}

function refused({ cameraId }: SourceText, what: string): ReadSource {
  return { ok: false, reason: because('camera-picture', { cameraId, what }) };
}

/** `user:password@host`: what is taken for a path may be shown, but for what stands where a password would. */
const bareCredentials = /^[^/]*:.*@/s;

function rtspSource(url: URL, tls: boolean, camera: SourceText): RtspSource {
  const username = camera.username ?? decoded(url.username);
  const password = camera.password ?? decoded(url.password);
  const base = `${url.protocol}//${url.host}`;
  return {
    kind: 'rtsp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (tls ? 322 : 554) : Number(url.port),
    tls,
    address: `rtsp://${url.host}${url.pathname}${url.search}`,
    place: `${base}${withoutSecrets(url.pathname)}`,
    ...(username === '' ? {} : { credentials: { username, password } }),
  };
}

/** Some recorders want the password in the path; the query, where tokens stand, is never shown. */
function withoutSecrets(path: string): string {
  return path.replace(/\b(pass(?:word|wd)?|pwd|token|auth|key)=[^&/;]*/gi, '$1=***');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
