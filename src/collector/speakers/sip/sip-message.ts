/** SIP messages (RFC 3261, 7) as text and as data. Header names are kept in their long form, in any case. */

type Headers = readonly (readonly [name: string, value: string])[];

export type SipRequest = Readonly<{
  kind: 'request';
  method: string;
  uri: string;
  headers: Headers;
  body: string;
}>;
export type SipResponse = Readonly<{
  kind: 'response';
  status: number;
  phrase: string;
  headers: Headers;
  body: string;
}>;
export type SipMessage = SipRequest | SipResponse;

const longNames: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
  k: 'supported',
};

/** Undefined when it is not SIP: a keep-alive, or rubbish. */
export function parseSip(bytes: Uint8Array): SipMessage | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const [first = '', ...lines] = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = lines.map(headerOf).filter((header) => header !== undefined);
  const body = end === null ? '' : text.slice(end.index + end[0].length);
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(first);
  if (response !== null) {
    const [, status = '', phrase = ''] = response;
    return { kind: 'response', status: Number(status), phrase, headers, body };
  }
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(first);
  if (request === null) return undefined;
  const [, method = '', uri = ''] = request;
  return { kind: 'request', method, uri, headers, body };
}

function headerOf(line: string): readonly [string, string] | undefined {
  const colon = line.indexOf(':');
  return colon < 1 ? undefined : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

export function formatSip(message: SipMessage): string {
  const first =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.phrase}`;
  const headers = message.headers.map(([name, value]) => `${name}: ${value}`);
  const length = `Content-Length: ${Buffer.byteLength(message.body)}`;
  return [first, ...headers, length, '', message.body].join('\r\n');
}

/** All values of a header, in order. */
export function headerValues({ headers }: SipMessage, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers
    .filter(([given]) => (longNames[given.toLowerCase()] ?? given.toLowerCase()) === wanted)
    .map(([, value]) => value);
}

export function headerValue(message: SipMessage, name: string): string | undefined {
  return headerValues(message, name)[0];
}

export function branchOf(message: SipMessage): string | undefined {
  return /;\s*branch=([^;,\s]+)/i.exec(headerValue(message, 'via') ?? '')?.[1];
}

export function tagOf(address: string | undefined): string | undefined {
  return /;\s*tag=([^;,\s]+)/i.exec(address ?? '')?.[1];
}

/** The URI of a Contact or Record-Route value. */
export function uriOf(address: string | undefined): string | undefined {
  return /<([^>]+)>/.exec(address ?? '')?.[1] ?? /^\s*(sips?:[^;,\s]+)/i.exec(address ?? '')?.[1];
}

/** An answer to a request, with what has to be repeated from it. */
export function answerTo(
  request: SipRequest,
  status: number,
  phrase: string,
  headers: Headers = [],
): SipResponse {
  const repeated = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name) =>
    headerValues(request, name).map((value) => [name, value] as const),
  );
  return { kind: 'response', status, phrase, headers: [...repeated, ...headers], body: '' };
}
