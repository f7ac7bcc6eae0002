/** The library of the street's voice: recordings that people upload, templates of texts, and listening before the lane does. */
import { readFile } from 'node:fs/promises';
import { Type } from 'typebox';
import { Id } from '../../contract/id.ts';
import { because } from '../../contract/reason.ts';
import { type Announcement, RuleAnnouncement } from '../../contract/rule-response.ts';
import { RecordingView, textFault, VoiceTemplate, VoiceView } from '../../contract/voice.ts';
import { wordingOf } from '../alarms/wording.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { Body, Query } from './body.ts';
import { userOf } from './guard.ts';
import { HttpRefusal, noSuch, Refusal } from './http-error.ts';
import type { Reach } from './policy.ts';
import { isRecording, isTemplate, refuseHeardElsewhere, refuseUsed, usesOf } from './voice-uses.ts';

/** What the speakers' room offers of its library. */
export type VoiceDesk = Readonly<{
  recordings: Readonly<{
    list: () => Promise<readonly RecordingView[]>;
    add: (
      upload: Readonly<{
        name: string;
        title: string;
        bytes: Uint8Array;
        by: string;
        atMs: number;
      }>,
    ) => Promise<
      Readonly<{ ok: true; recording: RecordingView }> | Readonly<{ ok: false; reason: string }>
    >;
    remove: (name: string) => Promise<boolean>;
  }>;
  /** The sound as the driver of a speaker gets it. */
  prepare: (
    announcement: Announcement,
    sampleRate: 16000,
  ) => Promise<Readonly<{ ok: true; wavPath: string }> | Readonly<{ ok: false; reason: string }>>;
  speechFault: () => string | undefined;
}>;

type VoiceStore = Pick<
  Store,
  'voiceTemplates' | 'saveVoiceTemplate' | 'removeVoiceTemplate' | 'allRules' | 'camera'
>;
type Parts = Readonly<{ store: VoiceStore; voice: VoiceDesk; now: () => number }>;

const tags = ['voice'];
const largestUploadBytes = 20 * 1024 * 1024;
const audioTypes = ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave', 'audio/mpeg'];
const RecordingParams = Type.Object({ name: Id });
const TemplateParams = Type.Object({ templateId: Id });
/** Speaking takes the machine a second; nobody listens faster. */
const previewsAMinute = { max: 60, timeWindow: 60_000 };

export function addVoiceRoutes(app: App, parts: Parts): void {
  const { store, voice } = parts;
  app.get(
    '/api/voice',
    {
      config: { policy: { action: 'rules.read', object: 'none' } },
      schema: { summary: 'Recordings and templates', tags, response: { 200: VoiceView } },
    },
    async () => {
      const speechFault = voice.speechFault();
      return {
        recordings: [...(await voice.recordings.list())],
        templates: [...(await store.voiceTemplates())],
        ...(speechFault === undefined ? {} : { speechFault }),
      };
    },
  );
  addRecordingRoutes(app, parts);
  addTemplateRoutes(app, parts);
  addPreviewRoutes(app, parts);
}

function addRecordingRoutes(app: App, { store, voice, now }: Parts): void {
  app.addContentTypeParser(
    audioTypes,
    { parseAs: 'buffer', bodyLimit: largestUploadBytes },
    (_request, body, done) => done(null, body),
  );
  app.put(
    '/api/voice/recordings/:name',
    {
      config: { policy: { action: 'rules.change', object: 'none' }, audit: 'voice-changed' },
      bodyLimit: largestUploadBytes,
      schema: {
        summary: 'Put a recording into the library: the bytes of a WAV or an MP3 as the body',
        tags,
        params: RecordingParams,
        querystring: Query({
          title: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
        }),
        response: { 200: RecordingView, 400: Refusal, 413: Refusal },
      },
    },
    async (request) => {
      const { body } = request;
      if (!Buffer.isBuffer(body))
        throw new HttpRefusal(400, 'bad-recording', because('recording-format'));
      const { name } = request.params;
      refuseHeardElsewhere(request, await usesOf(store, isRecording(name)));
      const { title = name } = request.query;
      request.auditDetail = { recording: name, title, bytes: body.length };
      const upload = { name, title, bytes: body, by: userOf(request), atMs: now() };
      const added = await voice.recordings.add(upload);
      if (!added.ok) throw new HttpRefusal(400, 'bad-recording', added.reason);
      return added.recording;
    },
  );
  app.delete(
    '/api/voice/recordings/:name',
    {
      config: { policy: { action: 'rules.change', object: 'none' }, audit: 'voice-changed' },
      schema: {
        summary: 'Take a recording out of the library; refused while a rule speaks with it',
        tags,
        params: RecordingParams,
        response: { 200: Type.Object({}), 404: Refusal, 409: Refusal },
      },
    },
    async (request) => {
      const { name } = request.params;
      request.auditDetail = { removedRecording: name };
      refuseUsed(request, await usesOf(store, isRecording(name)));
      if (!(await voice.recordings.remove(name))) throw noSuch('recording', name);
      return {};
    },
  );
}

function addTemplateRoutes(app: App, { store, now }: Parts): void {
  app.put(
    '/api/voice/templates/:templateId',
    {
      config: { policy: { action: 'rules.change', object: 'none' }, audit: 'voice-changed' },
      schema: {
        summary: 'Save a template; {lane}, {camera} and {time} are filled in as it is spoken',
        tags,
        params: TemplateParams,
        body: Type.Omit(VoiceTemplate, ['templateId'], { additionalProperties: false }),
        response: { 200: VoiceTemplate, 400: Refusal },
      },
    },
    async (request) => {
      const template = { ...request.body, templateId: request.params.templateId };
      request.auditDetail = template;
      for (const text of Object.values(template.texts)) {
        const fault = textFault(text);
        if (fault !== undefined) throw new HttpRefusal(400, 'bad-text', fault);
      }
      refuseHeardElsewhere(request, await usesOf(store, isTemplate(template.templateId)));
      await store.saveVoiceTemplate(template, userOf(request), now());
      return template;
    },
  );
  app.delete(
    '/api/voice/templates/:templateId',
    {
      config: { policy: { action: 'rules.change', object: 'none' }, audit: 'voice-changed' },
      schema: {
        summary: 'Remove a template; refused while a rule speaks with it',
        tags,
        params: TemplateParams,
        response: { 200: Type.Object({}), 404: Refusal, 409: Refusal },
      },
    },
    async (request) => {
      const { templateId } = request.params;
      request.auditDetail = { removedTemplate: templateId };
      refuseUsed(request, await usesOf(store, isTemplate(templateId)));
      if (!(await store.removeVoiceTemplate(templateId))) throw noSuch('template', templateId);
      return {};
    },
  );
}

function addPreviewRoutes(app: App, { store, voice, now }: Parts): void {
  app.post(
    '/api/voice/preview',
    {
      config: { policy: { action: 'rules.read', object: 'none' }, rateLimit: previewsAMinute },
      schema: {
        summary: 'The sound of an announcement as a speaker gets it, WAV',
        tags,
        body: Body({
          announcement: RuleAnnouncement,
          /** Whose place is named. */
          cameraId: Type.Optional(Id),
        }),
        produces: ['audio/wav'],
      },
    },
    async ({ body: { announcement: wanted, cameraId }, reach }, reply) => {
      const fault = wanted.kind === 'speech' ? textFault(wanted.text) : undefined;
      if (fault !== undefined) throw new HttpRefusal(400, 'bad-text', fault);
      const place = await placeOf(cameraId, reach, store);
      const facts = { templates: await store.voiceTemplates(), place, atMs: now() };
      const announcement = wordingOf(wanted, facts);
      if (announcement === undefined)
        throw noSuch('template', wanted.kind === 'template' ? wanted.templateId : '');
      const sound = await voice.prepare(announcement, 16000);
      if (!sound.ok) throw new HttpRefusal(422, 'no-sound', sound.reason);
      return reply
        .type('audio/wav')
        .header('cache-control', 'private, no-store')
        .send(await readFile(sound.wavPath));
    },
  );
}

/** What may be named of a camera that is within reach; of one that is not, not even its lane. */
async function placeOf(
  cameraId: string | undefined,
  reach: Reach,
  store: Pick<Store, 'camera'>,
): Promise<Parameters<typeof wordingOf>[1]['place']> {
  if (cameraId === undefined) return {};
  if (!reach.covers(cameraId)) throw noSuch('camera', cameraId);
  return (await store.camera(cameraId)) ?? {};
}
