/** The TCP or TLS connection to an RTSP camera, with a time limit, and its faults in words of their own. */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { forbiddenCode } from '../../contract/special-address.ts';
import { allowedLookup } from './camera-address.ts';
import type { RelayFailure } from './camera-failure.ts';
import type { RtspSource } from './camera-source.ts';

const connectWithinMs = 5000;

/** Never throws; a fault is told once and the socket is gone. A name is looked up by `lookup`, an address was checked. */
export function connectToCamera(
  source: RtspSource,
  fail: (failure: RelayFailure) => void,
  lookup = allowedLookup(),
): Socket {
  const place = { host: source.host, port: source.port, lookup };
  const socket = source.tls
    ? connectTls({ ...place, ...(isName(source.host) ? { servername: source.host } : {}) })
    : connectPlain(place);
  const timer = setTimeout(() => {
    fail({ kind: 'unreachable', code: 'ETIMEDOUT' });
    socket.destroy();
  }, connectWithinMs);
  socket.setNoDelay(true);
  socket.once(source.tls ? 'secureConnect' : 'connect', () => clearTimeout(timer));
  socket.on('close', () => clearTimeout(timer));
  socket.on('error', (error) => {
    fail(failureOf(error));
    socket.destroy();
  });
  return socket;
}

const untrusted = /^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS|HOSTNAME)/;

function failureOf(error: Error & { code?: string; errors?: unknown }): RelayFailure {
  const code = error.code ?? firstCode(error.errors) ?? 'unknown fault';
  if (code === forbiddenCode) return { kind: 'forbidden' };
  if (untrusted.test(code)) return { kind: 'untrusted', detail: code };
  return code === 'ECONNRESET' || code === 'EPIPE'
    ? { kind: 'ended' }
    : { kind: 'unreachable', code };
}

/** A name with several addresses fails with one error for each. */
function firstCode(errors: unknown): string | undefined {
  const [first] = Array.isArray(errors) ? errors : [];
  return first instanceof Error && 'code' in first ? String(first.code) : undefined;
}

function isName(host: string): boolean {
  return !/^[\d.]+$/.test(host) && !host.includes(':');
}
