/**
 * Axis network speakers and cameras with a speaker (VAPIX): sound by transmit.cgi as mu-law, and media clips that are
 * stored in the device, which sound without delay and without the network's help.
 */
import { askDevice, type HttpPeer } from './device-request.ts';
import { type HttpDevice, probeOf } from './http-device.ts';
import { openUpload } from './upload-talk.ts';

/** `clips`: which recording of the library is which clip of the device. */
export function createAxisDevice(
  peer: HttpPeer,
  clips: Readonly<Record<string, number>>,
): HttpDevice {
  return {
    probe: async () =>
      probeOf(
        await askDevice(peer, {
          method: 'GET',
          path: '/axis-cgi/param.cgi?action=list&group=root.Audio',
        }),
      ),
    openTalk: () =>
      openUpload(
        peer,
        { method: 'POST', path: '/axis-cgi/audio/transmit.cgi' },
        { codec: 'pcmu', contentType: 'audio/basic' },
      ),
    playStored: (recording) => {
      const clip = clips[recording];
      if (clip === undefined) return undefined;
      const path = `/axis-cgi/mediaclip.cgi?action=play&clip=${clip}`;
      return askDevice(peer, { method: 'GET', path }).then((answer) =>
        answer.ok ? { kind: 'answered' } : answer.refused,
      );
    },
  };
}
