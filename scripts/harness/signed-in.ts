/** A console without a browser: makes the first account with the one-time token and follows the live feed. */
import { randomBytes } from 'node:crypto';

export type Console = Readonly<{
  address: string;
  headers: Readonly<Record<string, string>>;
  /** Calls back with each message of the feed until the signal; rejects when the feed ends by itself. */
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
    follow: async (onMessage, signal) => {
      const feed = await fetch(`${address}/api/feed`, { headers, signal });
      if (!feed.ok || feed.body === null) throw new Error(`the feed answered ${feed.status}`);
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of feed.body) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = block.split('\n').find((line) => line.startsWith('data: '));
          if (data !== undefined) onMessage(JSON.parse(data.slice(6)));
        }
      }
    },
  };
}
