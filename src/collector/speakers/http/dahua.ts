/** Dahua cameras and speakers: sound by audio.cgi as A-law. */
import { askDevice, type HttpPeer } from './device-request.ts';
import { type HttpDevice, probeOf } from './http-device.ts';
import { openUpload } from './upload-talk.ts';

export function createDahuaDevice(peer: HttpPeer, channel: number): HttpDevice {
  const path = `/cgi-bin/audio.cgi?action=postAudio&httptype=singlepart&channel=${channel}`;
  return {
    probe: async () =>
      probeOf(
        await askDevice(peer, {
          method: 'GET',
          path: '/cgi-bin/magicBox.cgi?action=getDeviceType',
        }),
      ),
    openTalk: () =>
      openUpload(peer, { method: 'POST', path }, { codec: 'pcma', contentType: 'Audio/G.711A' }),
  };
}
