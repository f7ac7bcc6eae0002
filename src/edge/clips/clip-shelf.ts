/**
 * The clips on the edge's disk: an MP4 each, and after it a card (JSON) that says what it is. A clip counts when its card
 * is there; after a start nothing is left that has one without the other. Bounded for each camera by bytes and days:
 * delivered ones go first, then the oldest.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { uuidv7 } from 'uuidv7';
import { createCheck } from '../../contract/check.ts';
import { ClipFacts } from '../../contract/clip-message.ts';
import { joinClip } from './clip-joiner.ts';
import type { RawClip } from './clip-ring.ts';
import { finishDurably, unfinished, writeDurably } from './durable-file.ts';

export type ClipBounds = Readonly<{ maxBytes: number; keepDays: number }>;

export type ClipShelf = Readonly<{
  /** Rejects when it cannot be kept; nothing of it is left then. */
  keep: (cameraId: string, clip: RawClip, nowMs: number) => Promise<ClipFacts>;
  /** The newest clip that has not been delivered. */
  due: () => ClipFacts | undefined;
  /** Bytes of a clip; empty when it is not there any more. */
  read: (clipId: string, offset: number, length: number) => Promise<Uint8Array>;
  delivered: (clipId: string) => Promise<void>;
  /** Lets go what is too old; of a camera that keeps nothing, what the centre has. Rejects when a file cannot be removed. */
  tidy: (nowMs: number) => Promise<void>;
  all: () => readonly ClipFacts[];
}>;

type Card = ClipFacts & Readonly<{ delivered?: boolean }>;

type Parts = Readonly<{
  folder: string;
  boundsOf: (cameraId: string) => ClipBounds;
  /** A clip went that the centre has never had. */
  onDropped: (clip: ClipFacts) => void;
}>;

const dayMs = 24 * 3600 * 1000;

/** Tidies the folder up, making it if it is not there. Throws when it cannot be used. */
export function openClipShelf({ folder, boundsOf, onDropped }: Parts): ClipShelf {
  mkdirSync(folder, { recursive: true });
  const cards = new Map(tidied(folder).map((card) => [card.clipId, card]));
  const place = (clipId: string, ending: string): string => join(folder, `${clipId}.${ending}`);

  const remove = async (card: Card): Promise<void> => {
    cards.delete(card.clipId);
    // The card first: a clip without one is tidied up, a card without its clip would promise something.
    await rm(place(card.clipId, 'json'), { force: true });
    await rm(place(card.clipId, 'mp4'), { force: true });
    if (card.delivered !== true) onDropped(card);
  };
  const makeRoom = async (cameraId: string, bytes: number, nowMs: number): Promise<void> => {
    const { maxBytes, keepDays } = boundsOf(cameraId);
    const ofCamera = [...cards.values()].filter((card) => card.cameraId === cameraId);
    let used = ofCamera.reduce((sum, card) => sum + card.bytes, bytes);
    for (const card of ofCamera.sort(leastWanted)) {
      const isOld = nowMs - card.startedAtMs > keepDays * dayMs;
      if (!isOld && used <= maxBytes) continue;
      used -= card.bytes;
      await remove(card);
    }
    if (used > maxBytes)
      throw new Error(`the clip has ${bytes} bytes, the camera may keep ${maxBytes}`);
  };
  return {
    keep: async (cameraId, clip, nowMs) => {
      const clipId = uuidv7();
      const expected = clip.fragments.reduce((sum, { bytes }) => sum + bytes.length, 0);
      await makeRoom(cameraId, expected, nowMs);
      try {
        const card = await writeClip(cameraId, clip, { clipId, place });
        cards.set(clipId, card);
        return card;
      } catch (error) {
        for (const ending of ['json', 'mp4', `mp4${unfinished}`])
          await rm(place(clipId, ending), { force: true });
        throw error;
      }
    },
    due: () => {
      const [newest] = [...cards.values()]
        .filter(({ delivered }) => delivered !== true)
        .sort((a, b) => b.startedAtMs - a.startedAtMs);
      return newest;
    },
    read: (clipId, offset, length) => readPart(place(clipId, 'mp4'), offset, length),
    delivered: async (clipId) => {
      const card = cards.get(clipId);
      if (card === undefined) return;
      cards.set(clipId, { ...card, delivered: true });
      await writeDurably(place(clipId, 'json'), JSON.stringify({ ...card, delivered: true }));
    },
    tidy: async (nowMs) => {
      for (const card of [...cards.values()]) {
        const { keepDays } = boundsOf(card.cameraId);
        const isOld = nowMs - card.startedAtMs > keepDays * dayMs;
        if (isOld && (keepDays > 0 || card.delivered === true)) await remove(card);
      }
    },
    all: () => [...cards.values()],
  };
}

type Place = (clipId: string, ending: string) => string;

async function writeClip(
  cameraId: string,
  clip: RawClip,
  { clipId, place }: Readonly<{ clipId: string; place: Place }>,
): Promise<Card> {
  const [file, aside] = [place(clipId, 'mp4'), place(clipId, 'mp4') + unfinished];
  await joinClip(clip, aside);
  const { size } = await stat(aside);
  const card = { ...factsOf(clipId, cameraId, clip), bytes: size, sha256: await digest(aside) };
  await finishDurably(aside, file);
  await writeDurably(place(clipId, 'json'), JSON.stringify(card));
  return card;
}

function leastWanted(a: Card, b: Card): number {
  return (
    Number(b.delivered === true) - Number(a.delivered === true) || a.startedAtMs - b.startedAtMs
  );
}

function factsOf(clipId: string, cameraId: string, { eventIds, fragments }: RawClip) {
  const startedAtMs = fragments[0]?.startMs ?? 0;
  const durationMs = Math.max(0, (fragments.at(-1)?.endMs ?? startedAtMs) - startedAtMs);
  return { clipId, cameraId, eventIds: [...eventIds], startedAtMs, durationMs };
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function readPart(file: string, offset: number, length: number): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return new Uint8Array();
  }
}

const checkCard = createCheck(ClipFacts);

/** Removes what an interrupted writing or removing has left, and reads the rest. */
function tidied(folder: string): readonly Card[] {
  const names = new Set(readdirSync(folder));
  const gone = (name: string): void => rmSync(join(folder, name), { force: true });
  const cards = [...names].flatMap((name): readonly Card[] => {
    const card = name.endsWith('.json') ? readCard(folder, name) : undefined;
    if (card !== undefined) return [card];
    if (name.endsWith('.json') || name.endsWith(unfinished)) gone(name);
    return [];
  });
  const wanted = new Set(cards.map(({ clipId }) => `${clipId}.mp4`));
  for (const name of names) if (name.endsWith('.mp4') && !wanted.has(name)) gone(name);
  return cards;
}

/** Undefined when it cannot be read or its clip is not there in its full length. */
function readCard(folder: string, name: string): Card | undefined {
  try {
    const card = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Card;
    const clip = statSync(join(folder, `${card.clipId}.mp4`));
    return checkCard(card).ok && name === `${card.clipId}.json` && clip.size === card.bytes
      ? card
      : undefined;
  } catch {
    return undefined;
  }
}
