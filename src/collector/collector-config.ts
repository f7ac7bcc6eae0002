/**
 * The collector's configuration: one YAML file, parsed once. Errors name the file, the line, the key and the mend.
 * Secrets stand in the file, in a file of their own (`passwordFile`), or in the environment (`${NAME}`).
 */
import { type Static, Type } from 'typebox';
import type { ConfigFault } from '../contract/config-file.ts';
import { Id } from '../contract/id.ts';
import { PlanPosition } from '../contract/map-view.ts';
import type { SealKey } from '../contract/sealed-secret.ts';
import { databaseFault } from './database-config.ts';
import { MapConfig, mapFault } from './map-config.ts';
import type { OutputSettings } from './outputs/outputs.ts';
import { RetentionConfig } from './retention/retention-config.ts';
import {
  type RetentionRules,
  retentionFault,
  toRetentionRules,
} from './retention/retention-rules.ts';
import { SpeakerConfig, TalkConfig, VoiceConfig, zoneFault } from './speakers/speaker-config.ts';
import type { StoreSettings } from './store/create-store.ts';
import { type Webhook, WebhookEntry, webhookFault } from './webhooks/webhook-config.ts';

const closed = { additionalProperties: false } as const;
const Text = Type.String({ minLength: 1, maxLength: 80 });

const CameraEntry = Type.Object(
  {
    cameraId: Id,
    name: Type.Optional(Text),
    lane: Type.Optional(Text),
    community: Type.Optional(Text),
    grid: Type.Optional(Text),
    /** The speaker that stands beside the camera. */
    speakerId: Type.Optional(Id),
    /** Where it stands on the map. */
    position: Type.Optional(PlanPosition),
  },
  closed,
);

export const CollectorConfigFile = Type.Object(
  {
    http: Type.Object(
      {
        host: Type.Optional(Type.String({ minLength: 1 })),
        port: Type.Integer({ minimum: 0, maximum: 65_535 }),
        /** Addresses of proxies that end TLS; only they are believed about where a request comes from. */
        trustedProxies: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 20 })),
      },
      closed,
    ),
    broker: Type.Object(
      {
        /** Without a name or password: they have keys of their own, since an address is logged. */
        url: Type.String({ pattern: '^mqtts?://[^@\\s]+$' }),
        username: Type.Optional(Type.String({ minLength: 1 })),
        password: Type.Optional(Type.String({ minLength: 1 })),
        passwordFile: Type.Optional(Type.String({ minLength: 1 })),
        /** PEM file of the authority that signed the broker's certificate. */
        caFile: Type.Optional(Type.String({ minLength: 1 })),
        /** Share the events with other collectors on the same broker and the same PostgreSQL. */
        shared: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    dataFolder: Type.String({ minLength: 1 }),
    /** A PostgreSQL server; without it the store is a SQLite file in the data folder. */
    database: Type.Optional(Type.String({ minLength: 1 })),
    databasePasswordFile: Type.Optional(Type.String({ minLength: 1 })),
    /** Figures for Prometheus on a port of their own; closed when absent. */
    metrics: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Type.String({ minLength: 1 })),
          port: Type.Integer({ minimum: 0, maximum: 65_535 }),
        },
        closed,
      ),
    ),
    /** Recordings that a rule can name: `<name>.wav` or `<name>.mp3`. */
    recordingsFolder: Type.Optional(Type.String({ minLength: 1 })),
    voice: Type.Optional(VoiceConfig),
    talk: Type.Optional(TalkConfig),
    /** How much room the events' video clips may take, 50 GiB; `keepDays` is `retention.clipDays` by its older name. */
    clips: Type.Optional(
      Type.Object(
        {
          maxBytes: Type.Optional(Type.Integer({ minimum: 0 })),
          keepDays: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 3650 })),
        },
        closed,
      ),
    ),
    /** What is put on the broker for other programs; nothing, when absent. */
    outputs: Type.Optional(
      Type.Object(
        {
          onvif: Type.Optional(Type.Boolean()),
          homeAssistant: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
    /** Programs that are told of alarms. */
    webhooks: Type.Optional(Type.Array(WebhookEntry, { maxItems: 50 })),
    /** How long what is kept; the profile cn, 30 days, when it is left out. */
    retention: Type.Optional(RetentionConfig),
    /** The duty room's map; laid out by grids, communities and lanes, when nothing is given. */
    map: Type.Optional(MapConfig),
    speakers: Type.Optional(Type.Array(SpeakerConfig, { maxItems: 2000 })),
    cameras: Type.Optional(Type.Array(CameraEntry, { maxItems: 20_000 })),
  },
  closed,
);
type CollectorConfigFile = Readonly<Static<typeof CollectorConfigFile>>;

export type BrokerConfig = Readonly<{
  url: string;
  username?: string;
  password?: string;
  caFile?: string;
  shared?: boolean;
}>;

export type CollectorConfig = Readonly<{
  http: Readonly<{ host: string; port: number; trustedProxies?: readonly string[] }>;
  broker: BrokerConfig;
  dataFolder: string;
  /** Seals what the centre itself keeps secret. */
  sealKey?: SealKey;
  /** Absent: a SQLite file in the data folder. */
  database?: StoreSettings['database'];
  metrics?: Readonly<{ host: string; port: number }>;
  recordingsFolder?: string;
  voice?: VoiceConfig;
  talk?: TalkConfig;
  outputs?: OutputSettings;
  webhooks?: readonly Webhook[];
  clips?: Readonly<{ maxBytes?: number }>;
  map?: MapConfig;
  /** Absent: the profile cn. */
  retention?: RetentionRules;
  speakers: readonly SpeakerConfig[];
  cameras: readonly Readonly<Static<typeof CameraEntry>>[];
}>;

/** Fills in the defaults; `password` is the broker's, read from where the file says it stands. */
export function toCollectorConfig(
  file: CollectorConfigFile,
  password: string | undefined,
  {
    database,
    webhooks = [],
    sealKey,
  }: Pick<CollectorConfig, 'database' | 'webhooks' | 'sealKey'> = {},
): CollectorConfig {
  const { password: _, passwordFile: __, ...broker } = file.broker;
  const {
    metrics,
    clips,
    database: ___,
    databasePasswordFile: ____,
    webhooks: _____,
    ...rest
  } = file;
  return {
    ...rest,
    ...(sealKey === undefined ? {} : { sealKey }),
    ...(database === undefined ? {} : { database }),
    ...(webhooks.length === 0 ? {} : { webhooks }),
    ...(clips?.maxBytes === undefined ? {} : { clips: { maxBytes: clips.maxBytes } }),
    retention: toRetentionRules(retentionOf(file)),
    ...(metrics === undefined ? {} : { metrics: { host: '127.0.0.1', ...metrics } }),
    http: { host: '127.0.0.1', ...file.http },
    broker: { ...broker, ...(password === undefined ? {} : { password }) },
    speakers: file.speakers ?? [],
    cameras: file.cameras ?? [],
  };
}

const retentionOf = ({ retention, clips }: CollectorConfigFile): RetentionConfig => ({
  ...(clips?.keepDays === undefined ? {} : { clipDays: clips.keepDays }),
  ...retention,
});

/** What the schema cannot say: ids are given once, and a camera's speaker is one of the list. */
export function faultOf(file: CollectorConfigFile): ConfigFault | undefined {
  const { speakers = [], cameras = [], webhooks = [] } = file;
  const other =
    faultOfDatabase(file) ?? faultOfWebhooks(webhooks) ?? faultOfRetention(file) ?? mapFault(file);
  if (other !== undefined) return other;
  const speakerIds = new Set<string>();
  for (const [at, { speakerId }] of speakers.entries()) {
    if (speakerIds.has(speakerId))
      return faultAt(`speakers/${at}/speakerId`, `two speakers are called "${speakerId}"`);
    speakerIds.add(speakerId);
  }
  const zone = faultOfZones(speakers);
  if (zone !== undefined) return zone;
  const cameraIds = new Set<string>();
  for (const [at, { cameraId, speakerId }] of cameras.entries()) {
    if (cameraIds.has(cameraId))
      return faultAt(`cameras/${at}/cameraId`, `two cameras are called "${cameraId}"`);
    cameraIds.add(cameraId);
    if (speakerId !== undefined && !speakerIds.has(speakerId))
      return faultAt(`cameras/${at}/speakerId`, `no speaker is called "${speakerId}"`);
  }
  return undefined;
}

function faultOfDatabase({ database, broker }: CollectorConfigFile): ConfigFault | undefined {
  if (database !== undefined) return databaseFault(database);
  return broker.shared === true
    ? faultAt('broker/shared', 'collectors that share events need one database, a PostgreSQL')
    : undefined;
}

function faultOfRetention(file: CollectorConfigFile): ConfigFault | undefined {
  const fault = retentionFault(retentionOf(file));
  return fault === undefined ? undefined : faultAt(fault.place, fault.reason);
}

function faultOfZones(speakers: readonly SpeakerConfig[]): ConfigFault | undefined {
  for (const [at, speaker] of speakers.entries()) {
    const reason = speaker.driver === 'zone' ? zoneFault(speaker, speakers) : undefined;
    if (reason !== undefined) return faultAt(`speakers/${at}`, reason);
  }
  return undefined;
}

function faultOfWebhooks(webhooks: readonly WebhookEntry[]): ConfigFault | undefined {
  const ids = new Set<string>();
  for (const [at, entry] of webhooks.entries()) {
    const reason = ids.has(entry.webhookId)
      ? `two webhooks are called "${entry.webhookId}"`
      : webhookFault(entry);
    if (reason !== undefined) return faultAt(`webhooks/${at}`, reason);
    ids.add(entry.webhookId);
  }
  return undefined;
}

function faultAt(place: string, reason: string): ConfigFault {
  return { path: `/${place}`, reason: `${place}: ${reason}` };
}
