/** An operator's own voice: the key held in the console speaks to the lane (WebSocket), and who speaks where. */

import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { WebSocket } from 'ws';
import { Id } from '../../contract/id.ts';
import { because } from '../../contract/reason.ts';
import { passedOnEvery, type TalkAnswer, TalkView, talkNumberBytes } from '../../contract/talk.ts';
import type { Register } from '../store/audit.ts';
import type { Store } from '../store/store.ts';
import type { Access } from './access.ts';
import type { App } from './app.ts';
import { entryFor } from './audit-hook.ts';
import { userOf } from './guard.ts';
import { tokenOf } from './session-cookie.ts';

type Talk = Readonly<{
  sampleRate: number;
  write: (samples: Int16Array) => void;
  release: () => void;
  ended: Promise<Readonly<{ seconds: number; reason?: string; wavPath?: string }>>;
}>;

/** What the speakers' room offers. */
export type TalkDesk = Readonly<{
  open: (
    speakerId: string,
    by: string,
  ) => Promise<
    | Readonly<{ kind: 'open'; talk: Talk; missing?: readonly string[] }>
    | Readonly<{ kind: 'busy'; by: string }>
    | Readonly<{ kind: 'refused'; reason: string }>
  >;
  holders: () => readonly TalkView[];
}>;

type Parts = Readonly<{
  store: Pick<Store, 'camera' | 'speakersIn'> & Pick<Register, 'record'>;
  talks: TalkDesk;
  access: Pick<Access, 'follow'>;
  now: () => number;
}>;

/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const closedByCentre = 1008;
const tags = ['speakers'];

export function addTalkRoutes(app: App, parts: Parts): void {
  app.get(
    '/api/talks',
    {
      config: { policy: { action: 'directory.read', object: 'list' } },
      schema: {
        summary: 'Who speaks to which lane now',
        tags,
        response: { 200: Type.Array(TalkView) },
      },
    },
    async ({ reach: { cameraIds } }) => {
      const holders = parts.talks.holders();
      if (cameraIds === undefined) return [...holders];
      const within = parts.store.speakersIn(cameraIds);
      return holders.filter(({ speakerId }) => within.has(speakerId));
    },
  );
  app.get(
    '/api/cameras/:cameraId/talk',
    {
      websocket: true,
      exposeHeadRoute: false,
      config: {
        policy: { action: 'speaker.use', object: 'camera' },
        audit: 'talked-to-lane',
        atOnce: 'streams',
      },
      schema: {
        summary: 'Speak to the lane of a camera while the socket is open (WebSocket)',
        tags,
        params: Type.Object({ cameraId: Id }),
      },
    },
    (socket, request) => {
      const { cameraId } = request.params;
      const speakerOf = async (): Promise<string | undefined> =>
        (await parts.store.camera(cameraId))?.speakerId;
      serve(socket, request, { speakerOf, cameraId }, parts);
    },
  );
  app.get(
    '/api/speakers/:speakerId/talk',
    {
      websocket: true,
      exposeHeadRoute: false,
      config: {
        policy: { action: 'speaker.use', object: 'speaker' },
        audit: 'talked-to-lane',
        atOnce: 'streams',
      },
      schema: {
        summary: 'Speak through a speaker, or all of a zone, while the socket is open (WebSocket)',
        tags,
        params: Type.Object({ speakerId: Id }),
      },
    },
    (socket, request) => {
      const { speakerId } = request.params;
      serve(socket, request, { speakerOf: () => Promise.resolve(speakerId) }, parts);
    },
  );
}

type Addressee = Readonly<{ speakerOf: () => Promise<string | undefined>; cameraId?: string }>;

/** Holds the conversation while the session lasts, and tells the register of it. */
function serve(
  socket: WebSocket,
  request: FastifyRequest,
  { speakerOf, cameraId }: Addressee,
  parts: Parts,
): void {
  const leave = parts.access.follow(tokenOf(request), () =>
    socket.close(closedByCentre, 'signed out'),
  );
  socket.on('close', leave);
  const told = (detail: Readonly<Record<string, unknown>>): Promise<void> =>
    parts.store.record({
      ...entryFor(request, { action: 'talked-to-lane', outcome: 'done' }, parts.now(), detail),
      ...(cameraId === undefined ? {} : { cameraId }),
    });
  void converse(socket, speakerOf, userOf(request), parts)
    .then((end) => (end === undefined ? undefined : told(end)))
    .catch(() => socket.terminate());
}

const send = (socket: WebSocket, answer: TalkAnswer): void => {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(answer));
};

/** Answers with what the register is told; undefined when nothing was said. */
async function converse(
  socket: WebSocket,
  speakerOf: Addressee['speakerOf'],
  by: string,
  { talks }: Pick<Parts, 'talks'>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  let gone = false;
  let talk: Talk | undefined;
  let next = 0;
  const leave = (): void => {
    gone = true;
    talk?.release();
  };
  socket.on('close', leave);
  socket.on('error', leave);
  socket.on('message', (data, isBinary) => {
    if (!isBinary) return leave();
    const samples = samplesOf(data as Buffer);
    if (talk === undefined || samples === undefined) return;
    talk.write(samples);
    if (next % passedOnEvery === 0)
      send(socket, { kind: 'passed-on', number: (data as Buffer).readUInt32LE(0) });
    next += 1;
  });

  const speakerId = await speakerOf();
  const opened =
    speakerId === undefined
      ? ({ kind: 'refused', reason: because('no-speaker-beside') } as const)
      : await talks.open(speakerId, by);
  if (opened.kind !== 'open' || speakerId === undefined) {
    if (opened.kind !== 'open') send(socket, opened);
    socket.close();
    return undefined;
  }
  talk = opened.talk;
  // The key was let go while the speaker was being opened.
  if (gone) talk.release();
  const missing = opened.missing === undefined ? {} : { missing: [...opened.missing] };
  send(socket, { kind: 'ready', speakerId, sampleRate: talk.sampleRate, ...missing });
  const end = await talk.ended;
  const { seconds, reason } = end;
  send(socket, { kind: 'ended', seconds, ...(reason === undefined ? {} : { reason }) });
  socket.close();
  return { speakerId, ...missing, ...end };
}

/** Undefined for what is no such message; at most a tenth of a second at 48 kHz. */
function samplesOf(message: Buffer): Int16Array | undefined {
  const bytes = message.length - talkNumberBytes;
  if (bytes <= 0 || bytes % 2 !== 0 || bytes > 9600) return undefined;
  return Int16Array.from({ length: bytes / 2 }, (_, index) =>
    message.readInt16LE(talkNumberBytes + index * 2),
  );
}
