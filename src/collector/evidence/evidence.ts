/**
 * An alarm as one file that can leave the centre: a tar with the alarm, its picture and its clip with a watermark, and a
 * signed manifest of their hashes. The clip is read from its file while it is sent and never held in memory.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { AlarmView } from '../../contract/console-api.ts';
import type { SealKey } from '../../contract/sealed-secret.ts';
import type { Store } from '../store/store.ts';
import { createClipWatermark, type MarkedClip } from './clip-watermark.ts';
import { type Manifest, manifestName, signatureName } from './manifest.ts';
import { openSigningKey, type SigningKey } from './signing-key.ts';
import { tarBytes, tarEnd, tarHeader, tarPadding } from './tar.ts';
import { type Mark, watermarked } from './watermark.ts';

export type Evidence = Readonly<{
  /** PEM, to check exports with. */
  publicKey: () => Promise<string>;
  /** Undefined when there is no such alarm. */
  exportAlarm: (
    alarmId: string,
    order: Readonly<{ by: string; reason: string }>,
  ) => Promise<Export | undefined>;
}>;

type Export = Readonly<{
  fileName: string;
  bytes: number;
  /** Of the manifest: names the export in the register. */
  manifestSha256: string;
  content: Readable;
}>;

type Parts = Readonly<{
  dataFolder: string;
  store: Pick<Store, 'alarm' | 'snapshot' | 'clipOfEvent' | 'settleSetting'>;
  /** Without it the key of exports lies in the data folder, each collector's its own. */
  sealKey?: SealKey;
  fileOfClip: (clipId: string) => string;
  now: () => number;
}>;

type File = Manifest['files'][number] & Readonly<{ content: Buffer | Readonly<{ path: string }> }>;

/** The key is read, or made, at the first need. */
export function createEvidence({ dataFolder, store, sealKey, fileOfClip, now }: Parts): Evidence {
  let opened: SigningKey | undefined;
  const markClip = createClipWatermark(join(dataFolder, 'being-exported'));
  const key = async (): Promise<SigningKey> => {
    opened ??= await openSigningKey(join(dataFolder, 'export-key.pem'), store, sealKey);
    return opened;
  };
  return {
    publicKey: async () => (await key()).publicKey,
    exportAlarm: async (alarmId, { by, reason }) => {
      const alarm = await store.alarm(alarmId);
      if (alarm === undefined) return undefined;
      const atMs = now();
      const { fingerprint: centre, publicKey, sign } = await key();
      const omitted: { name: string; reason: string }[] = [];
      const orOmit = async (name: string, make: Promise<File | undefined>) => {
        const file = await make.catch(() => undefined);
        if (file !== undefined) return [file];
        omitted.push({ name, reason: 'it is gone, or is none that a watermark can be put into' });
        return [];
      };
      const mark = { by, atMs, reason, alarmId, centre };
      const marked = async () => markedClip(alarm, mark, { store, fileOfClip, markClip });
      const clip = alarm.hasClip === true ? await marked().catch(() => undefined) : undefined;
      const files = [
        fileOf('alarm.json', Buffer.from(`${JSON.stringify(alarm, undefined, 2)}\n`)),
        ...(alarm.hasSnapshot ? await orOmit('snapshot.jpg', pictureOf(alarm, mark, store)) : []),
        ...(alarm.hasClip === true ? await orOmit('clip.mp4', fileOfMarked(clip)) : []),
      ];
      const manifest: Manifest = {
        ...{ format: 'haoguanjia-export', version: 1, alarmId },
        ...{ exportedAt: new Date(atMs).toISOString(), exportedBy: by, reason, centre, publicKey },
        files: files.map(({ content: _, ...facts }) => facts),
        omitted,
      };
      const told = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
      const signature = Buffer.from(`${sign(told).toString('base64')}\n`);
      const all = [...files, fileOf(manifestName, told), fileOf(signatureName, signature)];
      return {
        fileName: `alarm-${alarmId.replaceAll(/[^\w-]/g, '')}.tar`,
        bytes: tarBytes(all),
        manifestSha256: sha256(told),
        // Also when nobody waits for it any more.
        content: Readable.from(tarOf(all, atMs), { objectMode: false }).once(
          'close',
          () => void clip?.remove().catch(() => undefined),
        ),
      };
    },
  };
}

async function pictureOf(
  { event }: AlarmView,
  mark: Mark,
  store: Pick<Store, 'snapshot'>,
): Promise<File | undefined> {
  const jpeg = await store.snapshot(event.eventId);
  if (jpeg === undefined) return undefined;
  const file = fileOf('snapshot.jpg', await watermarked(jpeg, mark));
  return { ...file, originalSha256: sha256(jpeg) };
}

async function markedClip(
  { event }: AlarmView,
  mark: Mark,
  {
    store,
    fileOfClip,
    markClip,
  }: Pick<Parts, 'fileOfClip'> & {
    store: Pick<Store, 'clipOfEvent'>;
    markClip: ReturnType<typeof createClipWatermark>;
  },
): Promise<MarkedClip | undefined> {
  const clip = await store.clipOfEvent(event.eventId);
  return clip === undefined ? undefined : markClip(fileOfClip(clip.clipId), mark);
}

async function fileOfMarked(clip: MarkedClip | undefined): Promise<File | undefined> {
  if (clip === undefined) return undefined;
  const { path, originalSha256 } = clip;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path)) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
  }
  return {
    ...{ name: 'clip.mp4', bytes, sha256: hash.digest('hex'), originalSha256 },
    content: { path },
  };
}

async function* tarOf(files: readonly File[], modifiedAtMs: number): AsyncGenerator<Buffer> {
  for (const { name, bytes, content } of files) {
    yield tarHeader({ name, bytes, modifiedAtMs });
    // No more than its hash was made of, though the file should grow meanwhile.
    if ('path' in content && bytes > 0) yield* createReadStream(content.path, { end: bytes - 1 });
    else if (!('path' in content)) yield content;
    yield tarPadding(bytes);
  }
  yield tarEnd;
}

function fileOf(name: string, content: Buffer): File {
  return { name, bytes: content.length, sha256: sha256(content), content };
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
