/** Sound as the body of one long request: announced longer than it can be, ended by closing the connection. */
import { because } from '../../../contract/reason.ts';
import type { Refused } from '../speaker.ts';
import { watchArrival } from './arrival.ts';
import {
  type Asked,
  authorize,
  type HttpPeer,
  refusedBy,
  startRequest,
  unreachable,
} from './device-request.ts';
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
  let isFinished = false;
  let refused: Refused | undefined;
  let fail = (_reason: Refused): void => undefined;
  const arrival = watchArrival(
    () => sent.socket,
    () => fail(takesNoSound(peer)),
  );
  const end = (): void => {
    arrival.end();
    sent.destroy();
  };
  const broken = new Promise<Refused>((resolve) => {
    fail = (reason) => {
      if (isFinished) return;
      refused ??= reason;
      end();
      resolve(refused);
    };
    sent.on('error', (error) => fail(unreachable(peer, error)));
    sent.on('response', (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      if (status >= 300) fail(refusedBy(peer, status));
    });
    sent.on('close', () => fail(endedEarly(peer)));
  });
  sent.flushHeaders();
  return {
    ok: true,
    talk: {
      codec: sound.codec,
      write: (bytes) => {
        if (!isFinished && refused === undefined) sent.write(bytes);
      },
      isLate: arrival.isLate,
      finish: async () => {
        await arrival.look();
        if (arrival.isLate()) refused ??= takesNoSound(peer);
        isFinished = true;
        end();
        return refused ?? { kind: 'answered' };
      },
      broken,
    },
  };
}

export function takesNoSound({ url }: HttpPeer): Refused {
  return { kind: 'failed', reason: because('speaker-takes-no-sound', { place: url }) };
}

export function endedEarly({ url }: HttpPeer): Refused {
  return { kind: 'failed', reason: because('speaker-ended-connection', { place: url }) };
}
