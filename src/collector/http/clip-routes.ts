/** The video clip of an event, in whole or in the parts that a browser asks for when it plays and seeks. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { FastifyRequest } from 'fastify';
import { EventIdParameter } from '../../contract/console-api.ts';
import type { Register } from '../store/audit.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { entryFor } from './audit-hook.ts';
import { noSuch } from './http-error.ts';

type Parts = Readonly<{
  store: Pick<Store, 'clipOfEvent' | 'cameraOf'> & Pick<Register, 'record'>;
  /** Where the file of a clip is. */
  fileOfClip: (clipId: string) => string;
  now: () => number;
}>;

/** A player asks for a clip in many parts; all of them within this time are one viewing in the register. */
const oneViewingMs = 10 * 60_000;
const mostViewings = 10_000;

export function addClipRoutes(app: App, parts: Parts): void {
  const { store, fileOfClip } = parts;
  const register = createViewings(parts);
  app.get(
    '/api/clips/:eventId',
    {
      config: { policy: { action: 'recording.view', object: 'event' } },
      schema: {
        summary: 'The video clip of an event, MP4; one range of bytes at a time may be asked for',
        tags: ['alarms'],
        params: EventIdParameter,
        produces: ['video/mp4'],
      },
    },
    async (request, reply) => {
      const { params, headers } = request;
      const clip = await store.clipOfEvent(params.eventId);
      if (clip === undefined) throw noSuch('clip of event', params.eventId);
      const part = rangeOf(headers.range, clip.bytes);
      void reply
        .type('video/mp4')
        .header('accept-ranges', 'bytes')
        .header('cache-control', 'private, no-store');
      if (part === 'unsatisfiable')
        return reply.code(416).header('content-range', `bytes */${clip.bytes}`).send();
      const { start, end } = part ?? { start: 0, end: clip.bytes - 1 };
      if (part !== undefined)
        void reply.code(206).header('content-range', `bytes ${start}-${end}/${clip.bytes}`);
      const file = await openFile(fileOfClip(clip.clipId));
      if (file === undefined) throw noSuch('clip of event', params.eventId);
      await register(request, params.eventId).catch(async (error: unknown) => {
        await file.close();
        throw error;
      });
      return reply
        .header('content-length', end - start + 1)
        .send(file.createReadStream({ start, end }));
    },
  );
}

/** Of the folder of clips itself: a link that leads elsewhere is not followed. Undefined when there is no such file. */
async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') return undefined;
    throw error;
  }
}

/** Writes who looks at which clip, before the first part of it goes out. */
function createViewings({ store, now }: Parts) {
  const seenAtMs = new Map<string, number>();
  return async (request: FastifyRequest, eventId: string): Promise<void> => {
    const key = `${request.session?.sessionId} ${eventId}`;
    const nowMs = now();
    const before = seenAtMs.get(key);
    if (before !== undefined && Math.abs(nowMs - before) < oneViewingMs) return;
    const cameraId = await store.cameraOf('event', eventId);
    await store.record({
      ...entryFor(request, { action: 'clip-viewed', outcome: 'done' }, nowMs),
      ...(cameraId === undefined ? {} : { cameraId }),
      object: `event ${eventId}`,
    });
    if (seenAtMs.size >= mostViewings) seenAtMs.clear();
    seenAtMs.set(key, nowMs);
  };
}

type Part = Readonly<{ start: number; end: number }>;

/** One range as RFC 9110, 14.1.2, has them; several, or what cannot be read, is answered with the whole. */
function rangeOf(header: string | undefined, bytes: number): Part | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'unsatisfiable' : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= bytes) return 'unsatisfiable';
  return { start, end: last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) };
}
