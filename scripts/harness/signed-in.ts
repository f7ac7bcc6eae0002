/** A console without a browser: makes the first account with the one-time token and follows the live feed. */
import { randomBytes } from 'node:crypto';
import { eventually } from './program.ts';

export type Console = Readonly<{
  address: string;
  headers: Readonly<Record<string, string>>;
  /** As another browser of the same user; false when it is refused. */
  signInAgain: () => Promise<boolean>;
  /**
   * Calls back with each message of the feed until the signal; resumes as a browser does when it was cut off. Resolves when
   * the feed is open: what happens from then on is told.
   */
  follow: (onMessage: (message: unknown) => void, signal: AbortSignal) => Promise<void>;
}>;

/** Throws when the collector does not take the token. */
export async function signIn(address: string, setupToken: string): Promise<Console> {
  const password = randomBytes(12).toString('hex');
  const answer = await fetch(`${address}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ token: setupToken, username: 'harness', password }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (!answer.ok || cookie === undefined)
    throw new Error(`the collector answered ${answer.status} to the set-up token`);
  const headers = { cookie, origin: address };
  return {
    address,
    headers,
    signInAgain: async () => {
      const again = await fetch(`${address}/api/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: address },
        body: JSON.stringify({ username: 'harness', password }),
      });
      await again.arrayBuffer();
      return again.ok;
    },
    follow: (onMessage, signal) =>
      new Promise((resolve) => {
        const onEvent = ({ id, data }: ServerSentEvent): void => {
          resolve();
          // What has no id only says that the centre is there.
          if (id !== undefined && data !== undefined) onMessage(JSON.parse(data));
        };
        void followFeed(`${address}/api/feed`, headers, signal, onEvent).finally(resolve);
      }),
  };
}

/** With what a collector printed at its first start. */
export async function signInOnce(facts: ReadonlyMap<string, string>): Promise<Console> {
  await eventually(() => facts.has('set-up token'), 60_000);
  return signIn(facts.get('console') ?? '', facts.get('set-up token') ?? '');
}

type ServerSentEvent = Readonly<{ id?: string; data?: string }>;

async function followFeed(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onEvent: (event: ServerSentEvent) => void,
): Promise<void> {
  let after: string | undefined;
  while (!signal.aborted) {
    const resume = after === undefined ? {} : { 'last-event-id': after };
    const read = readFeed(url, { ...headers, ...resume }, signal, (event) => {
      after = event.id ?? after;
      onEvent(event);
    });
    await read.catch((error: Error) => {
      const why = String(error.cause ?? error);
      if (!signal.aborted) process.stderr.write(`the feed is resumed: ${why}\n`);
    });
  }
}

async function readFeed(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  onEvent: (event: ServerSentEvent) => void,
): Promise<void> {
  const feed = await fetch(url, { headers, signal });
  if (feed.body === null) throw new Error(`the feed answered ${feed.status}`);
  for await (const event of serverSentEvents(feed.body)) onEvent(event);
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as the collector uses it. */
async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => [line.split(': ')[0], line] as const);
      const named = Object.fromEntries(fields) as Record<string, string | undefined>;
      yield {
        ...(named['id'] === undefined ? {} : { id: named['id'].slice(4) }),
        ...(named['data'] === undefined ? {} : { data: named['data'].slice(6) }),
      };
    }
  }
}
