/** The plan of the place, as it is configured: its size, a picture of it, and where cameras and speakers stand on it. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Static, Type } from 'typebox';
import { ConfigError, type ConfigFault } from '../contract/config-file.ts';
import type { MapView, PlanPosition } from '../contract/map-view.ts';

export const MapConfig = Type.Object(
  {
    /** Width and height of the plan; positions are metres then. */
    metres: Type.Optional(
      Type.Tuple([
        Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }),
        Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }),
      ]),
    ),
    /** A drawing or an aerial photo under it: PNG, JPEG or WebP. */
    picture: Type.Optional(Type.String({ pattern: '\\.(png|jpe?g|webp|PNG|JPE?G|WEBP)$' })),
  },
  { additionalProperties: false },
);
export type MapConfig = Readonly<Static<typeof MapConfig>>;

type Placed = Readonly<{ position?: PlanPosition | undefined }>;
type Plan = Readonly<{
  map?: MapConfig;
  cameras?: readonly (Placed & Readonly<{ cameraId: string }>)[];
  speakers?: readonly (Readonly<{ speakerId: string }> & Placed)[];
}>;

/** A place that does not lie on the plan. */
export function mapFault({ map, cameras = [], speakers = [] }: Plan): ConfigFault | undefined {
  const [width, height] = map?.metres ?? [1, 1];
  const isOutside = ({ position }: Placed): boolean =>
    position !== undefined && (position[0] > width || position[1] > height);
  const places = { cameras, speakers } as const;
  for (const list of ['cameras', 'speakers'] as const) {
    const at = places[list].findIndex(isOutside);
    if (at < 0) continue;
    const place = `${list}/${at}/position`;
    const reason =
      map?.metres === undefined
        ? 'a position is a fraction from 0 to 1; give map.metres for positions in metres'
        : `the plan is ${width} m wide and ${height} m high; mend the position or map.metres`;
    return { path: `/${place}`, reason: `${place}: ${reason}` };
  }
  return undefined;
}

type MapPicture = Readonly<{ mediaType: string; bytes: Buffer }>;
export type MapPlan = Readonly<{ view: MapView; picture?: MapPicture }>;

/** Throws ConfigError when the picture cannot be read. */
export function readMapPlan({ map, cameras = [], speakers = [] }: Plan): MapPlan {
  const [width, height] = map?.metres ?? [1, 1];
  const at = ([x, y]: PlanPosition): [number, number] => [x / width, y / height];
  const picture = map?.picture === undefined ? undefined : readPicture(map.picture);
  return {
    view: {
      ...(map?.metres === undefined ? {} : { aspectRatio: width / height }),
      hasPicture: picture !== undefined,
      cameras: cameras.flatMap(({ cameraId, position }) =>
        position === undefined ? [] : [{ cameraId, at: at(position) }],
      ),
      speakers: speakers.flatMap(({ speakerId, position }) =>
        position === undefined ? [] : [{ speakerId, at: at(position) }],
      ),
    },
    ...(picture === undefined ? {} : { picture }),
  };
}

const mediaTypes: Readonly<Record<string, string>> = { '.png': 'image/png', '.webp': 'image/webp' };

function readPicture(path: string): MapPicture {
  try {
    const mediaType = mediaTypes[extname(path).toLowerCase()] ?? 'image/jpeg';
    return { mediaType, bytes: readFileSync(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `map.picture ${path} cannot be read (${code}); correct the path, or leave it out`,
    );
  }
}
