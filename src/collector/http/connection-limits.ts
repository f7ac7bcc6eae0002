/**
 * How many connections the interface holds at all, and of one address: whoever opens thousands and says nothing takes
 * neither memory nor descriptors from the others. One too many is hung up before a byte of it is read.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';

export type ConnectionLimits = Readonly<{ connections: number; connectionsOfAddress: number }>;

/** Four times the streams that are open at the most, and half of it for one address, which may be a proxy's. */
const usual: ConnectionLimits = { connections: 4000, connectionsOfAddress: 2000 };
/** Whoever is refused comes again at once; the log is told of it now and then. */
const tellEveryMs = 60_000;

export function limitConnections(
  server: Pick<Server, 'on' | 'maxConnections'>,
  given: Partial<ConnectionLimits> = {},
  logger: Logger,
): void {
  const limits = { ...usual, ...given };
  const held = new Map<string, number>();
  let [refused, toldAtMs] = [0, Number.NEGATIVE_INFINITY];
  const tell = (address: string | undefined): void => {
    refused += 1;
    if (performance.now() - toldAtMs < tellEveryMs) return;
    toldAtMs = performance.now();
    logger.warn({ address, refused, ...limits }, 'connections are refused: there are too many');
    refused = 0;
  };
  server.maxConnections = limits.connections;
  server.on('drop', (dropped?: Readonly<{ remoteAddress?: string }>) =>
    tell(dropped?.remoteAddress),
  );
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address = '' } = socket;
    const count = (held.get(address) ?? 0) + 1;
    held.set(address, count);
    socket.once('close', () => {
      const left = (held.get(address) ?? 1) - 1;
      if (left === 0) held.delete(address);
      else held.set(address, left);
    });
    if (count <= limits.connectionsOfAddress) return;
    socket.destroy();
    tell(address);
  });
}
