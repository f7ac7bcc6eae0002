/**
 * Sends clips when nothing else is waiting: one clip after another, one piece at a time, each after the collector has
 * said how far it has come. Whatever is killed meanwhile, the collector's word is where it goes on.
 */
import { type ClipFacts, encodeClipPiece, largestPieceBytes } from '../../contract/clip-message.ts';
import type { ClipProgress } from '../../contract/edge-report.ts';
import type { EdgeTopics } from '../../contract/topics.ts';
import type { BrokerConnection } from './broker-connection.ts';

/** Where clips come from; `delivered` may fail, then it is sent once more. */
export type ClipSource = Readonly<{
  due: () => ClipFacts | undefined;
  read: (clipId: string, offset: number, length: number) => Promise<Uint8Array>;
  delivered: (clipId: string) => Promise<void>;
}>;

export type ClipSender = Readonly<{
  /** Sends the next piece if it is time. */
  pump: () => void;
  progressed: (progress: ClipProgress) => void;
  reconnected: () => void;
}>;

type Parts = Readonly<{
  source: ClipSource;
  connection: Pick<BrokerConnection, 'connected' | 'publish'>;
  topics: EdgeTopics;
  /** Nothing more important is on its way. */
  isQuiet: () => boolean;
  onFault: (reason: string) => void;
  clock?: () => number;
}>;

/** After a piece without an answer, also because the collector's disk is full. */
const patienceMs = 5000;

export function createClipSender(parts: Parts): ClipSender {
  const { source, connection, topics, isQuiet, onFault } = parts;
  const clock = parts.clock ?? (() => performance.now());
  let sending: { readonly clip: ClipFacts; offset: number } | undefined;
  /** When the piece on its way went; undefined when none is. */
  let sentAt: number | undefined;

  const send = async (clip: ClipFacts, offset: number): Promise<void> => {
    const bytes = await source.read(clip.clipId, offset, largestPieceBytes);
    // It had to give way to others meanwhile.
    if (bytes.length === 0) {
      sending = undefined;
      sentAt = undefined;
      return;
    }
    const { clipId, cameraId, eventIds, startedAtMs, durationMs, sha256 } = clip;
    const facts = { clipId, cameraId, eventIds, startedAtMs, durationMs, sha256 };
    const header = { ...facts, bytes: clip.bytes, offset };
    await connection.publish(topics.clip(clipId), encodeClipPiece({ header, bytes }));
  };
  const pump = (): void => {
    if (!connection.connected() || !isQuiet()) return;
    if (sentAt !== undefined && clock() - sentAt < patienceMs) return;
    if (sending === undefined) {
      const clip = source.due();
      if (clip === undefined) return;
      sending = { clip, offset: 0 };
    }
    sentAt = clock();
    send(sending.clip, sending.offset).catch((error: unknown) => onFault(String(error)));
  };
  const finish = (clipId: string): void => {
    sending = undefined;
    source
      .delivered(clipId)
      .catch((error: unknown) => onFault(String(error)))
      .finally(() => {
        sentAt = undefined;
        pump();
      });
  };

  return {
    pump,
    progressed: ({ clipId, received, state }) => {
      if (sending?.clip.clipId !== clipId) return;
      if (state !== 'partial') return finish(clipId);
      sending.offset = Math.min(received, sending.clip.bytes - 1);
      sentAt = undefined;
      pump();
    },
    reconnected: () => {
      sentAt = undefined;
    },
  };
}
