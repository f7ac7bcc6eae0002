/** The lanes' speakers: their states, a tone to try them, and silence. */
import { type Static, Type } from 'typebox';
import { AnnouncementState, SpeakerView } from '../../contract/console-api.ts';
import { Id } from '../../contract/id.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { noSuch, Refusal } from './http-error.ts';

/** What the routes need of the speakers. */
export type SpeakerDesk = Readonly<{
  views: () => readonly SpeakerView[];
  soundTone: (speakerId: string) => Promise<ToneEnd | undefined>;
  silence: (speakerId: string) => boolean;
  cancel: (announcementId: string) => boolean;
  confirmHeard: (speakerId: string) => Promise<boolean>;
}>;

type Parts = Readonly<{
  store: Pick<Store, 'speakersIn'>;
  speakers: SpeakerDesk;
}>;

const ToneEnd = Type.Object({ state: AnnouncementState, reason: Type.Optional(Type.String()) });
type ToneEnd = Readonly<Static<typeof ToneEnd>>;

const Params = Type.Object({ speakerId: Id });
const tags = ['speakers'];
const use = { policy: { action: 'speaker.use', object: 'speaker' } } as const;

export function addSpeakerRoutes(app: App, { store, speakers }: Parts): void {
  const viewOf = (speakerId: string): SpeakerView => {
    const view = speakers.views().find((one) => one.speakerId === speakerId);
    if (view === undefined) throw noSuch('speaker', speakerId);
    return view;
  };
  app.get(
    '/api/speakers',
    {
      config: { policy: { action: 'directory.read', object: 'list' } },
      schema: { summary: 'The loudspeakers', tags, response: { 200: Type.Array(SpeakerView) } },
    },
    async ({ reach: { cameraIds } }) => {
      if (cameraIds === undefined) return [...speakers.views()];
      const within = store.speakersIn(cameraIds);
      return speakers.views().filter(({ speakerId }) => within.has(speakerId));
    },
  );
  app.post(
    '/api/speakers/:speakerId/tone',
    {
      config: { ...use, audit: 'speaker-tone' },
      schema: {
        summary: 'Sound a gong, and answer with how it ended',
        tags,
        params: Params,
        response: { 200: ToneEnd, 404: Refusal },
      },
    },
    async ({ params: { speakerId } }) => {
      const end = await speakers.soundTone(speakerId);
      if (end === undefined) throw noSuch('speaker', speakerId);
      return end;
    },
  );
  app.post(
    '/api/speakers/:speakerId/silence',
    {
      config: { ...use, audit: 'speaker-silenced' },
      schema: {
        summary: 'Stop what is being said and what waits',
        tags,
        params: Params,
        response: { 200: SpeakerView, 404: Refusal },
      },
    },
    async ({ params: { speakerId } }) => {
      speakers.silence(speakerId);
      return viewOf(speakerId);
    },
  );
  app.post(
    '/api/speakers/:speakerId/heard',
    {
      config: { ...use, audit: 'speaker-heard' },
      schema: {
        summary: 'Confirm that somebody heard it; paging speakers cannot prove themselves',
        tags,
        params: Params,
        response: { 200: SpeakerView, 404: Refusal },
      },
    },
    async ({ params: { speakerId } }) => {
      await speakers.confirmHeard(speakerId);
      return viewOf(speakerId);
    },
  );
}
