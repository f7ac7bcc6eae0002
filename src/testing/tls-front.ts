/** TLS in front of a device on loopback that speaks without it, with a certificate of its own; answers go on in small pieces. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { certificateOfLoopback } from './loopback-certificate.ts';

type TlsFront = Readonly<{ port: number; caFile: string; stop: () => void }>;

const pieceBytes = 7;

export async function startTlsFront(devicePort: number): Promise<TlsFront> {
  const folder = mkdtempSync(join(tmpdir(), 'tls-front-'));
  const caFile = join(folder, 'certificate.pem');
  const { key, certificate } = certificateOfLoopback(folder, caFile);
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert: certificate }, (caller) => {
    const device = connect(devicePort, '127.0.0.1');
    for (const socket of [caller, device]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        caller.destroy();
        device.destroy();
      });
    }
    caller.pipe(device);
    device.on('data', (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at += pieceBytes)
        caller.write(bytes.subarray(at, at + pieceBytes));
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    caFile,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
