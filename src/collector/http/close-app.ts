/**
 * Closes the interface without waiting for anybody: `close` alone waits for each WebSocket whose other side never says
 * goodbye, and for whatever a handshake left half open.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const goodbyeMs = 2000;

export type Sockets = Readonly<{ destroyAll: () => void }>;

/** Knows every connection of the server from now on, also those that have become WebSockets. */
export function watchSockets(server: Pick<Server, 'on'>): Sockets {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    destroyAll: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

/** Whoever has not gone within two seconds is cut off. */
export async function closeApp(
  app: Readonly<{ close: () => PromiseLike<unknown> }>,
  sockets: Sockets,
): Promise<void> {
  const impatience = setInterval(sockets.destroyAll, goodbyeMs);
  try {
    await app.close();
  } finally {
    clearInterval(impatience);
  }
}
