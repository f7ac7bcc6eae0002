/**
 * Hikvision cameras and speakers (ISAPI two-way audio): a channel is closed, opened, and given the sound after the head of a
 * request that says it has no body, on the same connection. The device says which law it takes.
 */

import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { because } from '../../../contract/reason.ts';
import type { Refused } from '../speaker.ts';
import { askDevice, authorize, type HttpPeer, refusedBy, unreachable } from './device-request.ts';
import { holdTalk } from './held-talk.ts';
import { type HttpDevice, type OpenedTalk, probeOf, type Talk } from './http-device.ts';

const channels = '/ISAPI/System/TwoWayAudio/channels';

export function createHikvisionDevice(peer: HttpPeer, channel: number): HttpDevice {
  const at = (what: string): string => `${channels}/${channel}/${what}`;
  const close = () => askDevice(peer, { method: 'PUT', path: at('close') });
  return {
    probe: async () => probeOf(await askDevice(peer, { method: 'GET', path: channels })),
    openTalk: async () => {
      const listed = await askDevice(peer, { method: 'GET', path: channels });
      if (!listed.ok) return listed;
      const codec = codecIn(listed.body, channel);
      if (codec === undefined) return { ok: false, refused: noCodec(peer, channel) };
      // A channel that somebody left open refuses to be opened.
      await close();
      const opened = await askDevice(peer, { method: 'PUT', path: at('open') });
      if (!opened.ok) return opened;
      const talk = await openAudioData(peer, at('audioData'), codec, close);
      if (!talk.ok) await close();
      return talk;
    },
  };
}

function codecIn(xml: string, channel: number): Talk['codec'] | undefined {
  const own = xml
    .split(/<TwoWayAudioChannel[\s>]/)
    .find((part) => part.includes(`<id>${channel}</id>`));
  const type = /<audioCompressionType>\s*([^<\s]+)\s*</.exec(own ?? '')?.[1]?.toLowerCase();
  if (type === 'g.711ulaw') return 'pcmu';
  return type === 'g.711alaw' ? 'pcma' : undefined;
}

function noCodec({ url }: HttpPeer, channel: number): Refused {
  const reason = because('speaker-no-g711', { channel, place: url });
  return { kind: 'refused', reason };
}

async function openAudioData(
  peer: HttpPeer,
  path: string,
  codec: Talk['codec'],
  close: () => Promise<unknown>,
): Promise<OpenedTalk> {
  // The list is asked for the challenge: asking audioData would begin to play.
  const list = { method: 'GET', path: channels };
  const authorized = await authorize(peer, { method: 'PUT', path }, list);
  if (!authorized.ok) return authorized;
  const { authorization } = authorized;
  const { hostname, port, protocol, host } = new URL(peer.url);
  const isTls = protocol === 'https:';
  const place = { host: hostname, port: Number(port || (isTls ? 443 : 80)) };
  const socket = isTls ? connectTls({ ...place, servername: hostname }) : connectTcp(place);
  socket.setNoDelay(true);
  socket.write(
    [
      `PUT ${path} HTTP/1.1`,
      `Host: ${host}`,
      'Content-Type: application/octet-stream',
      'Content-Length: 0',
      ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
      '\r\n',
    ].join('\r\n'),
  );
  const status = await statusFrom(socket, peer);
  if (typeof status !== 'number') return { ok: false, refused: status };
  if (status >= 300) {
    socket.destroy();
    return { ok: false, refused: refusedBy(peer, status) };
  }
  const { talk, failed } = holdTalk(peer, {
    codec,
    socket: () => socket,
    write: (bytes) => socket.write(bytes),
    release: close,
  });
  socket.on('error', failed);
  socket.on('close', () => failed('ended'));
  return { ok: true, talk };
}

function statusFrom(socket: Socket, peer: HttpPeer): Promise<number | Refused> {
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      socket.destroy();
      resolve(unreachable(peer, error));
    };
    let head = '';
    socket.setTimeout(peer.timeoutMs, () => fail(new Error('it did not answer in time')));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('it ended the connection')));
    socket.on('data', (bytes) => {
      head += bytes.toString('latin1');
      const status = /^HTTP\/1\.\d (\d{3})[\s\S]*?\r\n\r\n/.exec(head)?.[1];
      if (status === undefined) return;
      socket.removeAllListeners();
      socket.setTimeout(0);
      socket.resume();
      resolve(Number(status));
    });
  });
}
