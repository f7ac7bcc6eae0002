/**
 * A talk that a device has taken up, whatever carries the sound: written to while it lasts, and ended once, by this side, by
 * the device, or because the device does not read.
 */
import type { Socket } from 'node:net';
import { because } from '../../../contract/reason.ts';
import type { Outcome, Refused } from '../speaker.ts';
import { watchArrival } from './arrival.ts';
import { type HttpPeer, unreachable } from './device-request.ts';
import type { Talk } from './http-device.ts';

type Carrier = Readonly<{
  codec: Talk['codec'];
  /** What the sound goes through; none yet while it is being opened. */
  socket: () => Socket | null | undefined;
  write: (bytes: Uint8Array) => void;
  /** The connection is not wanted any more. */
  abandon?: () => void;
  /** Gives the device back, once the talk is finished. */
  release?: () => Promise<unknown>;
}>;

export type HeldTalk = Readonly<{
  talk: Talk;
  /** The device will not have it; only the first reason counts. */
  fail: (reason: Refused) => void;
  /** The same by a fault of the connection, or by its end. */
  failed: (fault: Error | 'ended') => void;
}>;

export function holdTalk(peer: HttpPeer, carrier: Carrier): HeldTalk {
  const { codec, socket, write, abandon, release } = carrier;
  let breakOff = (_reason: Refused): void => undefined;
  const broken = new Promise<Refused>((resolve) => {
    breakOff = resolve;
  });
  let refused: Refused | undefined;
  let isFinished = false;
  const arrival = watchArrival(socket, () => fail(takesNoSound(peer)));
  const end = (): void => {
    arrival.end();
    abandon?.();
  };
  const fail = (reason: Refused): void => {
    if (isFinished) return;
    refused ??= reason;
    end();
    breakOff(refused);
  };
  const finish = async (): Promise<Outcome> => {
    await arrival.look();
    if (arrival.isLate()) refused ??= takesNoSound(peer);
    isFinished = true;
    end();
    await release?.();
    return refused ?? { kind: 'answered' };
  };
  let finishing: Promise<Outcome> | undefined;
  return {
    fail,
    failed: (fault) => fail(fault === 'ended' ? endedEarly(peer) : unreachable(peer, fault)),
    talk: {
      codec,
      write: (bytes) => {
        if (!isFinished && refused === undefined) write(bytes);
      },
      isLate: arrival.isLate,
      finish: () => {
        finishing ??= finish();
        return finishing;
      },
      broken,
    },
  };
}

function takesNoSound({ url }: HttpPeer): Refused {
  return { kind: 'failed', reason: because('speaker-takes-no-sound', { place: url }) };
}

function endedEarly({ url }: HttpPeer): Refused {
  return { kind: 'failed', reason: because('speaker-ended-connection', { place: url }) };
}
