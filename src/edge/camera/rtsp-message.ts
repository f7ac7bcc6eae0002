/**
 * RTSP 1.0 on one TCP connection (RFC 2326, sections 4 to 7 and 10.12): text messages and interleaved binary frames
 * (`$`, channel, 16-bit length, bytes). Pure: bytes in, units out; bounds are enforced so that a hostile peer cannot
 * fill the memory. Throws RtspFramingError on bytes that are neither.
 */

export type RtspHeader = readonly [name: string, value: string];

export type RtspRequest = Readonly<{
  kind: 'request';
  method: string;
  url: string;
  headers: readonly RtspHeader[];
  body: Buffer;
}>;

export type RtspResponse = Readonly<{
  kind: 'response';
  status: number;
  reason: string;
  headers: readonly RtspHeader[];
  body: Buffer;
}>;

export type RtspMessage = RtspRequest | RtspResponse;

/** `bytes` is a run of whole interleaved frames, their four-byte heads included, to be passed on as it is. */
export type RtspUnit = RtspMessage | Readonly<{ kind: 'interleaved'; bytes: Buffer }>;

export type RtspReader = Readonly<{ push: (chunk: Buffer) => readonly RtspUnit[] }>;

export class RtspFramingError extends Error {
  readonly code: 'RTSP_FRAMING' | 'RTSP_OVERSIZED';

  constructor(message: string, code: RtspFramingError['code'] = 'RTSP_FRAMING') {
    super(message);
    this.code = code;
  }
}

const dollar = 0x24;
/** Heads and session descriptions of cameras take one or two thousand bytes. */
const mostHeadBytes = 16 * 1024;
const mostBodyBytes = 64 * 1024;
const lineBreaks = new Set([0x0a, 0x0d]);

/** A reader for one direction of one connection. */
export function createRtspReader(): RtspReader {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push: (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const units: RtspUnit[] = [];
      for (;;) {
        const next = nextUnit(rest);
        if (next === undefined) return units;
        rest = rest.subarray(next.length);
        if (next.unit !== undefined) units.push(next.unit);
      }
    },
  };
}

/** The value of the first header of that name, whatever its case. */
export function headerOf(message: RtspMessage, name: string): string | undefined {
  return headersOf(message, name)[0];
}

/** Every value of that name; a server may offer several `WWW-Authenticate`. */
export function headersOf(message: RtspMessage, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return message.headers.filter(([given]) => given.toLowerCase() === wanted).map(([, v]) => v);
}

/** The bytes of a message; `Content-Length` is set from the body. */
export function formatRtspMessage(message: RtspMessage): Buffer {
  const first =
    message.kind === 'request'
      ? `${message.method} ${message.url} RTSP/1.0`
      : `RTSP/1.0 ${message.status} ${message.reason}`;
  const headers = message.headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  const lines = [first, ...headers.map(([name, value]) => `${name}: ${value}`)];
  if (message.body.length > 0) lines.push(`Content-Length: ${message.body.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), message.body]);
}

type Cut = Readonly<{ unit?: RtspUnit; length: number }>;

function nextUnit(bytes: Buffer): Cut | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first === dollar) return interleavedRun(bytes);
  if (lineBreaks.has(first)) return { length: 1 };
  return textMessage(bytes);
}

function interleavedRun(bytes: Buffer): Cut | undefined {
  let end = 0;
  while (bytes[end] === dollar && bytes.length >= end + 4) {
    const next = end + 4 + bytes.readUInt16BE(end + 2);
    if (next > bytes.length) break;
    end = next;
  }
  if (end === 0) return undefined;
  return { unit: { kind: 'interleaved', bytes: bytes.subarray(0, end) }, length: end };
}

function textMessage(bytes: Buffer): Cut | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end > mostHeadBytes || (end < 0 && bytes.length > mostHeadBytes)) {
    throw new RtspFramingError('the peer sent a message head without an end', 'RTSP_OVERSIZED');
  }
  if (end < 0) return undefined;
  const [firstLine = '', ...headerLines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = headerLines.map(readHeader);
  const bodyLength = contentLength(headers);
  const length = end + 4 + bodyLength;
  if (bytes.length < length) return undefined;
  const body = Buffer.from(bytes.subarray(end + 4, length));
  return { unit: { ...readFirstLine(firstLine), headers, body }, length };
}

function readHeader(line: string): RtspHeader {
  const colon = line.indexOf(':');
  if (colon <= 0) throw new RtspFramingError('the peer sent a header line without a colon');
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

function contentLength(headers: readonly RtspHeader[]): number {
  const given = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  if (given === undefined) return 0;
  const length = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (!(length <= mostBodyBytes)) {
    throw new RtspFramingError('the peer announced a body that is too long', 'RTSP_OVERSIZED');
  }
  return length;
}

type FirstLine =
  | Readonly<{ kind: 'request'; method: string; url: string }>
  | Readonly<{ kind: 'response'; status: number; reason: string }>;

function readFirstLine(line: string): FirstLine {
  const response = /^RTSP\/\d\.\d (\d{3})(?: (.*))?$/.exec(line);
  if (response !== null) {
    return { kind: 'response', status: Number(response[1]), reason: response[2] ?? '' };
  }
  const request = /^([A-Z_]{1,32}) (\S{1,2048}) RTSP\/\d\.\d$/.exec(line);
  if (request === null) throw new RtspFramingError('the peer does not speak RTSP');
  return { kind: 'request', method: request[1] ?? '', url: request[2] ?? '' };
}
