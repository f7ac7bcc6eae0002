/** A WebSocket that is opened and then says what nobody expects. */
import { WebSocket } from 'ws';
import type { Random } from '../harness/random.ts';
import { hostileText, hostileValue, randomBytes } from './hostile-values.ts';

const patienceMs = 10_000;
const mostMessages = 4;

/** Resolves with the status of the answer to the handshake, 101 when it was opened and what was said was survived. */
export function sendHostileSocket(
  url: string,
  headers: Readonly<Record<string, string>>,
  random: Random,
): Promise<number> {
  return new Promise((resolve) => {
    let socket: WebSocket;
    try {
      socket = new WebSocket(url.replace(/^http/, 'ws'), { headers, handshakeTimeout: patienceMs });
    } catch {
      // Too strange to be sent at all.
      resolve(0);
      return;
    }
    socket.on('error', () => resolve(0));
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('open', () => {
      for (let number = random.below(mostMessages + 1); number > 0; number -= 1)
        socket.send(messageOf(random));
      // The other side reads before it sees that nobody is there any more.
      socket.close();
      setTimeout(() => socket.terminate(), 300).unref();
    });
    socket.on('close', () => resolve(101));
  });
}

function messageOf(random: Random): string | Buffer {
  switch (random.below(3)) {
    case 0:
      return randomBytes(random, 3000);
    case 1:
      return hostileText(random);
    default:
      return JSON.stringify(hostileValue(random)) ?? '';
  }
}
