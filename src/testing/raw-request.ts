/** A request as it is, without what `fetch` would put right; from any address of this machine. */
import { Agent, request } from 'node:http';

export type RawAnswer = Readonly<{
  status: number;
  text: string;
  headers: NodeJS.Dict<string | string[]>;
}>;

type RawOptions = Readonly<{
  from?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}>;

export type RawRequest = (method: string, path: string, options?: RawOptions) => Promise<RawAnswer>;

/** Asks the server at this address; `close` ends what it keeps open. */
export function rawRequestTo(address: string): Readonly<{ raw: RawRequest; close: () => void }> {
  const { hostname, port } = new URL(address);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const raw: RawRequest = (method, path, { from = '127.0.0.1', headers, body } = {}) =>
    new Promise((resolve, reject) => {
      const length =
        body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const asked = { hostname, port, path, method, agent, localAddress: from };
      const sent = request({ ...asked, headers: { ...length, ...headers } }, (response) => {
        response.toArray().then(
          (pieces) =>
            resolve({
              status: response.statusCode ?? 0,
              text: Buffer.concat(pieces).toString(),
              headers: response.headers,
            }),
          reject,
        );
      });
      sent.once('error', reject);
      sent.end(body);
    });
  return { raw, close: () => agent.destroy() };
}
