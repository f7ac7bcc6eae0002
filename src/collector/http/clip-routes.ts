/** The video clip of an event, in whole or in the parts that a browser asks for when it plays and seeks. */
import { createReadStream } from 'node:fs';
import { EventIdParameter } from '../../contract/console-api.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { noSuch } from './http-error.ts';

type Parts = Readonly<{
  store: Pick<Store, 'clipOfEvent'>;
  /** Where the file of a clip is. */
  fileOfClip: (clipId: string) => string;
}>;

export function addClipRoutes(app: App, { store, fileOfClip }: Parts): void {
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
    async ({ params, headers }, reply) => {
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
      return reply
        .header('content-length', end - start + 1)
        .send(createReadStream(fileOfClip(clip.clipId), { start, end }));
    },
  );
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
