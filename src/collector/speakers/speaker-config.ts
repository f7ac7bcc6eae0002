/**
 * How one loudspeaker is configured: a union on `driver`. Validation touches no network.
 * A new driver brings its schema here and its factory to speaker-drivers.ts.
 */
import { type Static, Type } from 'typebox';
import { Id } from '../../contract/id.ts';
import { PlanPosition } from '../../contract/map-view.ts';
import { Schedule } from '../../contract/schedule.ts';
import { SpokenLanguage } from '../../contract/voice.ts';

const closed = { additionalProperties: false } as const;

const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const Ipv4 = Type.String({ pattern: `^${octet}(\\.${octet}){3}$` });

const identity = {
  speakerId: Id,
  name: Type.String({ minLength: 1, maxLength: 80 }),
};

/** When it keeps silent; an emergency is always said. And where it stands on the map, if not beside its camera. */
const manners = {
  position: Type.Optional(PlanPosition),
  quietHours: Type.Optional(Schedule),
  /** The same words are not said again before so long; the default is 0. */
  cooldownSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 3600 })),
};

const RtpCodec = Type.Union([Type.Literal('pcmu'), Type.Literal('pcma'), Type.Literal('g722')]);

/** Paging without signalling: the speaker listens on an address and a port, its own or a multicast group's. */
export const RtpSpeakerConfig = Type.Object(
  {
    driver: Type.Literal('rtp'),
    ...identity,
    ...manners,
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

/** A name or an address, without a port. */
const Host = Type.String({ pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$' });
const Port = Type.Integer({ minimum: 1, maximum: 65535 });

/** The password stands here (`${NAME}` takes it from the environment) or in a file of its own. */
const credentials = {
  username: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\s":<>@]+$' })),
  password: Type.Optional(Type.String({ minLength: 1 })),
  passwordFile: Type.Optional(Type.String({ minLength: 1 })),
};

/** PEM file of the authority that signed the device's certificate; the system's authorities, without it. */
const caFile = Type.Optional(Type.String({ minLength: 1 }));

/** A SIP phone or horn that answers by itself, called directly or through a SIP server. */
export const SipSpeakerConfig = Type.Object(
  {
    driver: Type.Literal('sip'),
    ...identity,
    ...manners,
    /** Of the device, or of the SIP server that it is registered at. */
    address: Host,
    /** The default is 5060, of TLS 5061. */
    port: Type.Optional(Port),
    /** The default is udp. The sound itself goes by RTP all the same. */
    transport: Type.Optional(
      Type.Union([Type.Literal('udp'), Type.Literal('tcp'), Type.Literal('tls')]),
    ),
    caFile,
    /** Its name or extension. */
    user: Type.String({ pattern: '^[A-Za-z0-9._+*#-]{1,64}$' }),
    /** Preferred; PCMU and PCMA are offered beside it. The default is pcmu. */
    codec: Type.Optional(RtpCodec),
    ...credentials,
    /** Register at the server first, as `username`; for servers that let only their subscribers call. */
    register: Type.Optional(Type.Boolean()),
    interfaceAddress: Type.Optional(Ipv4),
  },
  closed,
);
export type SipSpeakerConfig = Readonly<Static<typeof SipSpeakerConfig>>;

/** A speaker, or a camera with one, that takes sound by its maker's HTTP requests. */
export const HttpSpeakerConfig = Type.Object(
  {
    driver: Type.Literal('http'),
    ...identity,
    ...manners,
    device: Type.Union([Type.Literal('axis'), Type.Literal('hikvision'), Type.Literal('dahua')]),
    /** `http://10.0.0.20` or `https://speaker.lan:8443`, without a name or password. */
    url: Type.String({ pattern: '^https?://[^@/?#\\s]+$' }),
    /** Of the sound, for hikvision and dahua; the default is 1. */
    channel: Type.Optional(Type.Integer({ minimum: 1, maximum: 256 })),
    /** For axis: which recording of the library is stored in the device as which clip. */
    clips: Type.Optional(Type.Record(Id, Type.Integer({ minimum: 0, maximum: 1000 }))),
    ...credentials,
    caFile,
    /** The maker's request that sets the volume, sent before every announcement; `{percent}` stands for the figure. */
    volume: Type.Optional(
      Type.Object(
        {
          percent: Type.Integer({ minimum: 0, maximum: 100 }),
          method: Type.Optional(
            Type.Union([Type.Literal('GET'), Type.Literal('PUT'), Type.Literal('POST')]),
          ),
          path: Type.String({ pattern: '^/\\S*$' }),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type HttpSpeakerConfig = Readonly<Static<typeof HttpSpeakerConfig>>;

/** Writes every announcement as a WAV file into a folder: for trying out, and for systems that watch a folder. */
export const FileSpeakerConfig = Type.Object(
  {
    driver: Type.Literal('file'),
    ...identity,
    ...manners,
    folder: Type.String({ minLength: 1 }),
  },
  closed,
);
export type FileSpeakerConfig = Readonly<Static<typeof FileSpeakerConfig>>;

/** Several speakers that speak in step: by their ids, or all that stand beside the cameras of a place. */
export const ZoneSpeakerConfig = Type.Object(
  {
    driver: Type.Literal('zone'),
    ...identity,
    speakerIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 500, uniqueItems: true })),
    lane: Type.Optional(Type.String({ minLength: 1 })),
    community: Type.Optional(Type.String({ minLength: 1 })),
    grid: Type.Optional(Type.String({ minLength: 1 })),
  },
  closed,
);
export type ZoneSpeakerConfig = Readonly<Static<typeof ZoneSpeakerConfig>>;

export const SpeakerConfig = Type.Union([
  ZoneSpeakerConfig,
  RtpSpeakerConfig,
  SipSpeakerConfig,
  HttpSpeakerConfig,
  FileSpeakerConfig,
]);
export type SpeakerConfig = Readonly<Static<typeof SpeakerConfig>>;

/** Operators' own voices. */
export const TalkConfig = Type.Object(
  {
    /** What they say is kept here as WAV files; it is not kept, without it. */
    recordingsFolder: Type.Optional(Type.String({ minLength: 1 })),
  },
  closed,
);
export type TalkConfig = Readonly<Static<typeof TalkConfig>>;

/** How announcements sound, whichever speaker says them. */
export const VoiceConfig = Type.Object(
  {
    /** Loudness of every announcement, ITU-R BS.1770; the default is -16. */
    targetLufs: Type.Optional(Type.Number({ minimum: -30, maximum: -12 })),
    /** What prepared sounds may take on the disk; the default is 200. */
    cacheMegabytes: Type.Optional(Type.Number({ minimum: 1, maximum: 100_000 })),
    /** Speech by sherpa-onnx in place of espeak-ng, for the language of its model. */
    sherpa: Type.Optional(
      Type.Object(
        {
          modelFolder: Type.String({ minLength: 1 }),
          language: SpokenLanguage,
          speakerNumber: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
          program: Type.Optional(Type.String({ minLength: 1 })),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type VoiceConfig = Readonly<Static<typeof VoiceConfig>>;
export type SingleSpeakerConfig = Exclude<SpeakerConfig, ZoneSpeakerConfig>;

type PlacedSpeaker = Readonly<{
  speakerId?: string;
  lane?: string;
  community?: string;
  grid?: string;
}>;

/** Gives every zone that is meant by its place the ids of the speakers that stand there. */
export function withZoneMembers(
  speakers: readonly SpeakerConfig[],
  cameras: readonly PlacedSpeaker[],
): readonly SpeakerConfig[] {
  const single = new Set(
    speakers.filter(({ driver }) => driver !== 'zone').map(({ speakerId }) => speakerId),
  );
  return speakers.map((config) => {
    if (config.driver !== 'zone' || config.speakerIds !== undefined) return config;
    const { lane, community, grid } = config;
    const isThere = (camera: PlacedSpeaker): boolean =>
      (lane ?? camera.lane) === camera.lane &&
      (community ?? camera.community) === camera.community &&
      (grid ?? camera.grid) === camera.grid;
    const ids = cameras.filter(isThere).flatMap(({ speakerId }) => speakerId ?? []);
    return { ...config, speakerIds: [...new Set(ids)].filter((id) => single.has(id)) };
  });
}

/** What the schema cannot say of a zone; undefined when it is well. */
export function zoneFault(
  zone: ZoneSpeakerConfig,
  speakers: readonly SpeakerConfig[],
): string | undefined {
  const { speakerIds, lane, community, grid } = zone;
  const isPlace = [lane, community, grid].some((place) => place !== undefined);
  if ((speakerIds !== undefined) === isPlace)
    return 'give a zone either speakerIds, or a lane, community or grid';
  const unknown = speakerIds?.find((id) =>
    speakers.every((one) => one.speakerId !== id || one.driver === 'zone'),
  );
  return unknown === undefined ? undefined : `no single speaker is called "${unknown}"`;
}
