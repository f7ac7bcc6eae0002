/** The duty room's map: who sees a camera or a speaker sees where it stands; the picture under it is for everybody. */
import { MapView } from '../../contract/map-view.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { HttpRefusal } from './http-error.ts';

/** The plan as it is configured. */
export type MapDesk = Readonly<{
  view: MapView;
  picture?: Readonly<{ mediaType: string; bytes: Buffer }>;
}>;

type Parts = Readonly<{ store: Pick<Store, 'speakersIn'>; map: MapDesk }>;

export const emptyMap: MapDesk = { view: { hasPicture: false, cameras: [], speakers: [] } };
const tags = ['cameras'];

export function addMapRoutes(app: App, { store, map }: Parts): void {
  app.get(
    '/api/map',
    {
      config: { policy: { action: 'directory.read', object: 'list' } },
      schema: { summary: 'Where cameras and speakers stand', tags, response: { 200: MapView } },
    },
    async ({ reach: { cameraIds, covers } }) => {
      const { cameras, speakers, ...plan } = map.view;
      const within = cameraIds === undefined ? undefined : store.speakersIn(cameraIds);
      return {
        ...plan,
        cameras: cameras.filter(({ cameraId }) => covers(cameraId)),
        speakers: speakers.filter(({ speakerId }) => within?.has(speakerId) ?? true),
      };
    },
  );
  app.get(
    '/api/map/picture',
    {
      config: { policy: { action: 'directory.read', object: 'none' } },
      schema: {
        summary: 'The picture under the map: PNG, JPEG or WebP',
        tags,
        produces: ['image/png', 'image/jpeg', 'image/webp'],
      },
    },
    async (_request, reply) => {
      const { picture } = map;
      if (picture === undefined)
        throw new HttpRefusal(404, 'not-found', 'the map has no picture under it');
      return reply
        .type(picture.mediaType)
        .header('cache-control', 'private, max-age=3600')
        .send(picture.bytes);
    },
  );
}
