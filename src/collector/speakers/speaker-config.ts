/**
 * How one loudspeaker is configured: a union on `driver`. Validation touches no network.
 * A new driver brings its schema here and its factory to speaker-drivers.ts.
 */
import { type Static, Type } from 'typebox';
import { Id } from '../../contract/id.ts';

const closed = { additionalProperties: false } as const;

const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const Ipv4 = Type.String({ pattern: `^${octet}(\\.${octet}){3}$` });

const identity = {
  speakerId: Id,
  name: Type.String({ minLength: 1, maxLength: 80 }),
};

const RtpCodec = Type.Union([Type.Literal('pcmu'), Type.Literal('pcma'), Type.Literal('g722')]);

/** Paging without signalling: the speaker listens on an address and a port, its own or a multicast group's. */
export const RtpSpeakerConfig = Type.Object(
  {
    driver: Type.Literal('rtp'),
    ...identity,
    address: Ipv4,
    /** Even, as RTP wants it; several makers refuse odd ones. */
    port: Type.Integer({ minimum: 1024, maximum: 65534, multipleOf: 2 }),
    /** The default is pcmu, which every paging speaker understands. */
    codec: Type.Optional(RtpCodec),
    /** Hops that a multicast packet survives; the default 1 stays in the local network. */
    ttl: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
    /** Own address of the network card that sends; needed for multicast on a machine with several. */
    interfaceAddress: Type.Optional(Ipv4),
  },
  closed,
);
export type RtpSpeakerConfig = Readonly<Static<typeof RtpSpeakerConfig>>;

/** Writes every announcement as a WAV file into a folder: for trying out, and for systems that watch a folder. */
export const FileSpeakerConfig = Type.Object(
  {
    driver: Type.Literal('file'),
    ...identity,
    folder: Type.String({ minLength: 1 }),
  },
  closed,
);
export type FileSpeakerConfig = Readonly<Static<typeof FileSpeakerConfig>>;

export const SpeakerConfig = Type.Union([RtpSpeakerConfig, FileSpeakerConfig]);
export type SpeakerConfig = Readonly<Static<typeof SpeakerConfig>>;
