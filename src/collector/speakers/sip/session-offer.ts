/** What sound a call carries (SDP, RFC 4566; offer and answer, RFC 3264): one audio stream, packets of 20 ms. */
import { audioCodecs, type CodecName } from '../rtp/audio-codec.ts';

export type AgreedSound = Readonly<{ address: string; port: number; codec: CodecName }>;

const names: Readonly<Record<CodecName, string>> = { pcmu: 'PCMU', pcma: 'PCMA', g722: 'G722' };

/** The preferred codec first. Both directions are offered: some devices play nothing that they may not answer. */
export function soundOffer(
  localAddress: string,
  port: number,
  codecs: readonly CodecName[],
): string {
  const types = codecs.map((codec) => audioCodecs[codec].payloadType);
  return [
    'v=0',
    `o=- ${Date.now()} 1 IN IP4 ${localAddress}`,
    's=announcement',
    `c=IN IP4 ${localAddress}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${types.join(' ')}`,
    ...codecs.map((codec, index) => `a=rtpmap:${types[index]} ${names[codec]}/8000`),
    'a=ptime:20',
    'a=sendrecv',
    '',
  ].join('\r\n');
}

/** Undefined when the answer takes none of the codecs or no sound at all. */
export function agreedSound(answer: string, codecs: readonly CodecName[]): AgreedSound | undefined {
  const [session = '', ...media] = answer.split(/^(?=m=)/m);
  const audio = media.find((part) => part.startsWith('m=audio'));
  if (audio === undefined) return undefined;
  const [, port = '0', types = ''] = /^m=audio (\d+)\S* RTP\/AVPF? ([\d ]+)/.exec(audio) ?? [];
  const address = addressIn(audio) ?? addressIn(session);
  const codec = types
    .trim()
    .split(' ')
    .map((type) => codecs.find((name) => audioCodecs[name].payloadType === Number(type)))
    .find((name) => name !== undefined);
  if (codec === undefined || address === undefined || Number(port) === 0) return undefined;
  return { address, port: Number(port), codec };
}

function addressIn(part: string): string | undefined {
  return /^c=IN IP4 ([\d.]+)/m.exec(part)?.[1];
}
