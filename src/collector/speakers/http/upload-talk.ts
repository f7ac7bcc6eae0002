/** Sound as the body of one long request: announced longer than it can be, ended by closing the connection. */
import { type Asked, authorize, type HttpPeer, refusedBy, startRequest } from './device-request.ts';
import { holdTalk } from './held-talk.ts';
import type { OpenedTalk, Talk } from './http-device.ts';

/** 20 minutes of G.711; the devices do not take chunks everywhere, but all take a length. */
const announcedBytes = 9_999_999;

export async function openUpload(
  peer: HttpPeer,
  asked: Asked,
  sound: Readonly<{ codec: Talk['codec']; contentType: string }>,
): Promise<OpenedTalk> {
  const authorized = await authorize(peer, asked);
  if (!authorized.ok) return authorized;
  const { authorization } = authorized;
  const sent = startRequest(peer, asked, {
    'content-type': sound.contentType,
    'content-length': String(announcedBytes),
    ...(authorization === undefined ? {} : { authorization }),
  });
  const { talk, fail, failed } = holdTalk(peer, {
    codec: sound.codec,
    socket: () => sent.socket,
    write: (bytes) => sent.write(bytes),
    abandon: () => sent.destroy(),
  });
  sent.on('error', failed);
  sent.on('close', () => failed('ended'));
  sent.on('response', (response) => {
    response.resume();
    const status = response.statusCode ?? 0;
    if (status >= 300) fail(refusedBy(peer, status));
  });
  sent.flushHeaders();
  return { ok: true, talk };
}
