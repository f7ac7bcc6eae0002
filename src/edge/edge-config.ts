/**
 * The edge's configuration: one YAML file, parsed once. Errors name the file, the line, the key and the mend.
 * Secrets stand in the file, in a file of their own (`passwordFile`), or in the environment (`${NAME}`).
 */
import { type Static, Type } from 'typebox';
import { Id } from '../contract/id.ts';
import { Point } from '../contract/shape.ts';
import { type ExecutionProvider, executionProviders } from './detector/provider-names.ts';

const closed = { additionalProperties: false } as const;

const Secret = {
  password: Type.Optional(Type.String({ minLength: 1 })),
  passwordFile: Type.Optional(Type.String({ minLength: 1 })),
};

/** Which analysed frames the detector looks at: see `lookout.ts`. */
const Looks = Type.Union([Type.Literal('adaptive'), Type.Literal('moving'), Type.Literal('every')]);

const Detail = Type.Union([Type.Literal('near'), Type.Literal('auto'), Type.Literal('far')]);

const Outline = Type.Array(Point, { minItems: 3, maxItems: 40 });

const CameraEntry = Type.Object(
  {
    cameraId: Id,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    /** rtsp:// or rtsps:// address, or the path of a recorded clip. */
    source: Type.String({ minLength: 1 }),
    username: Type.Optional(Type.String({ minLength: 1 })),
    ...Secret,
    analysisFps: Type.Optional(Type.Number({ minimum: 1, maximum: 25 })),
    /** Software unless given, and where the hardware cannot be had. */
    hardwareDecoder: Type.Optional(
      Type.Union([Type.Literal('vaapi'), Type.Literal('qsv'), Type.Literal('cuda')]),
    ),
    /** How closely large pictures are looked at: see `look-closely.ts`. */
    detail: Type.Optional(Detail),
    /** Close looks within one look at the picture. */
    crops: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
    /** Outlines of what nobody may see, besides those that are drawn in the console. */
    privacyMasks: Type.Optional(Type.Array(Outline, { maxItems: 50 })),
    rulesFile: Type.Optional(Type.String({ minLength: 1 })),
    /** Video clips of this camera's events; none are kept without it. An empty entry takes the defaults. */
    clips: Type.Optional(
      Type.Object(
        {
          preRollSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 60 })),
          postRollSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 50 })),
          maxBytes: Type.Optional(Type.Integer({ minimum: 0 })),
          keepDays: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 365 })),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const EdgeConfigFile = Type.Object(
  {
    edgeId: Id,
    dataFolder: Type.String({ minLength: 1 }),
    /** The collector's address, for live pictures. */
    collectorUrl: Type.String({ pattern: '^https?://' }),
    broker: Type.Object(
      {
        /** Without a name or password: they have keys of their own, since an address is logged. */
        url: Type.String({ pattern: '^mqtts?://[^@\\s]+$' }),
        username: Type.Optional(Type.String()),
        ...Secret,
        caFile: Type.Optional(Type.String()),
      },
      closed,
    ),
    /** What the events that wait for the centre may take on the disk, and the ballast for a disk that others fill. */
    outbox: Type.Optional(
      Type.Object(
        {
          maxBytes: Type.Optional(Type.Integer({ minimum: 1024 ** 2 })),
          ballastBytes: Type.Optional(Type.Integer({ minimum: 0 })),
        },
        closed,
      ),
    ),
    detector: Type.Optional(
      Type.Object(
        {
          /** Manifest of the model; the default is the one that scripts/build-model makes. */
          manifest: Type.Optional(Type.String()),
          /** What the model runs on, by ONNX Runtime's names; the processor unless told. */
          provider: Type.Optional(Type.Union(executionProviders.map((name) => Type.Literal(name)))),
          threads: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
          leastConfidence: Type.Optional(Type.Number({ minimum: 0.05, maximum: 0.95 })),
          looks: Type.Optional(Looks),
        },
        closed,
      ),
    ),
    /** Where the box shows its state; without it nothing listens. */
    status: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Type.String({ minLength: 1 })),
          port: Type.Integer({ minimum: 0, maximum: 65_535 }),
        },
        closed,
      ),
    ),
    /** Off, nobody is known again who has left the picture, and three passes count within one stay in it. */
    identity: Type.Optional(Type.Boolean()),
    cameras: Type.Array(CameraEntry, { minItems: 1, maxItems: 64 }),
  },
  closed,
);
type EdgeConfigFile = Readonly<Static<typeof EdgeConfigFile>>;

export type EdgeCamera = Readonly<{
  cameraId: string;
  name: string;
  source: string;
  username?: string;
  password?: string;
  analysisFps: number;
  /** Whether persons who return are known again; the default is that they are. */
  identity?: boolean;
  /** `adaptive` unless told. */
  looks?: Static<typeof Looks>;
  hardwareDecoder?: 'vaapi' | 'qsv' | 'cuda';
  /** `auto` unless told. */
  detail?: Static<typeof Detail>;
  crops?: number;
  privacyMasks?: readonly (readonly Point[])[];
  rulesFile?: string;
  clips?: Readonly<{
    preRollSeconds: number;
    postRollSeconds: number;
    maxBytes: number;
    keepDays: number;
  }>;
}>;

export type EdgeConfig = Readonly<{
  edgeId: string;
  dataFolder: string;
  collectorUrl: string;
  broker: Readonly<{ url: string; username?: string; password?: string; caFile?: string }>;
  outbox?: Readonly<{ maxBytes?: number; ballastBytes?: number }>;
  detector: Readonly<{
    manifest: string;
    provider?: ExecutionProvider;
    threads?: number;
    leastConfidence?: number;
  }>;
  status?: Readonly<{ host: string; port: number }>;
  cameras: readonly EdgeCamera[];
}>;

const defaultManifest = 'models/nanodet-416x320-int8.manifest.json';
const defaultAnalysisFps = 5;
const defaultClips: NonNullable<EdgeCamera['clips']> = {
  preRollSeconds: 5,
  postRollSeconds: 10,
  maxBytes: 512 * 1024 ** 2,
  keepDays: 7,
};

/** Fills in the defaults and reads the secrets through `secretOf`. */
export function toEdgeConfig(
  file: EdgeConfigFile,
  secretOf: (entry: Readonly<{ password?: string; passwordFile?: string }>) => string | undefined,
): EdgeConfig {
  const withSecret = <Entry extends { password?: string; passwordFile?: string }>(entry: Entry) => {
    const { password: _, passwordFile: __, ...rest } = entry;
    const password = secretOf(entry);
    return { ...rest, ...(password === undefined ? {} : { password }) };
  };
  return {
    edgeId: file.edgeId,
    dataFolder: file.dataFolder,
    collectorUrl: file.collectorUrl,
    broker: withSecret(file.broker),
    detector: { manifest: defaultManifest, ...file.detector },
    ...(file.outbox === undefined ? {} : { outbox: file.outbox }),
    ...(file.status === undefined ? {} : { status: { host: '127.0.0.1', ...file.status } }),
    cameras: file.cameras.map((camera) => ({
      name: camera.cameraId,
      analysisFps: defaultAnalysisFps,
      ...(file.identity === undefined ? {} : { identity: file.identity }),
      ...(file.detector?.looks === undefined ? {} : { looks: file.detector.looks }),
      ...withClipDefaults(withSecret(camera)),
    })),
  };
}

function withClipDefaults<Camera extends { clips?: Partial<typeof defaultClips> }>(
  camera: Camera,
): Omit<Camera, 'clips'> & Pick<EdgeCamera, 'clips'> {
  const { clips, ...others } = camera;
  return clips === undefined ? others : { ...others, clips: { ...defaultClips, ...clips } };
}
