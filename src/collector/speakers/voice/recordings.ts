/**
 * The library of recordings: `<name>.wav` or `<name>.mp3` in one folder, with `<name>.json` beside it for what people
 * call it. A file that somebody puts there by hand counts as well. What is uploaded is looked into by ffprobe and
 * levelled once for trying before it stands in the library; a recording that is replaced is whole at every moment.
 */

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { isId } from '../../../contract/id.ts';
import { because } from '../../../contract/reason.ts';
import type { RecordingView } from '../../../contract/voice.ts';
import { isTooSoft, level } from './loudness.ts';
import { longestRecordingSeconds, probeSound } from './sound-probe.ts';

type Upload = Readonly<{
  name: string;
  title: string;
  bytes: Uint8Array;
  by: string;
  atMs: number;
}>;

type Added =
  | Readonly<{ ok: true; recording: RecordingView }>
  | Readonly<{ ok: false; reason: string }>;

export type Recordings = Readonly<{
  list: () => Promise<readonly RecordingView[]>;
  /** Where the recording stands; undefined when there is none. */
  path: (name: string) => Promise<string | undefined>;
  add: (upload: Upload) => Promise<Added>;
  /** False when there was none. */
  remove: (name: string) => Promise<boolean>;
}>;

const endings = ['.wav', '.mp3'] as const;

type Note = Readonly<{ title?: string; savedBy?: string; seconds?: number }>;

export function createRecordings(folder: string, stopping: AbortSignal): Recordings {
  const pathOf = async (name: string): Promise<string | undefined> => {
    if (!isId(name)) return undefined;
    for (const ending of endings) {
      const path = join(folder, `${name}${ending}`);
      if (await isThere(path)) return path;
    }
    return undefined;
  };

  return {
    list: async () => {
      const files = await filesOf(folder);
      const found = await Promise.all(
        files.map((file) => viewOf(folder, file, stopping).catch(() => undefined)),
      );
      return found
        .filter((view) => view !== undefined)
        .sort((a, b) => a.title.localeCompare(b.title, 'zh-CN'));
    },
    path: pathOf,
    add: async (upload) => {
      const aside = join(folder, `.${randomUUID()}.part`);
      await mkdir(aside, { recursive: true });
      try {
        return await take(upload, aside, folder, stopping);
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    },
    remove: async (name) => {
      const path = await pathOf(name);
      if (path === undefined) return false;
      await rm(path);
      await rm(notePath(folder, name), { force: true });
      return true;
    },
  };
}

async function take(
  { name, title, bytes, by, atMs }: Upload,
  aside: string,
  folder: string,
  signal: AbortSignal,
): Promise<Added> {
  if (!isId(name)) return { ok: false, reason: because('recording-name') };
  const inputPath = join(aside, 'upload');
  await writeFile(inputPath, bytes, { flush: true });
  const sound = await probeSound(inputPath, signal);
  if (!sound.ok) return sound;
  const trial = { inputPath, outputPath: join(aside, 'trial.wav'), sampleRate: 16000 } as const;
  const levelled = await level({ ...trial, signal });
  if (!levelled.ok)
    return { ok: false, reason: because('recording-unusable', { what: levelled.reason }) };
  if (isTooSoft(levelled.integratedLufs)) {
    const what = because('recording-peaks', { lufs: Math.round(levelled.integratedLufs) });
    return { ok: false, reason: because('recording-unusable', { what }) };
  }

  const note: Note = { title, savedBy: by, seconds: sound.seconds };
  await writeFile(join(aside, 'note'), JSON.stringify(note), { flush: true });
  await rename(inputPath, join(folder, `${name}.${sound.format}`));
  await rename(join(aside, 'note'), notePath(folder, name));
  // One that it replaces may have been of the other format.
  await rm(join(folder, `${name}.${sound.format === 'wav' ? 'mp3' : 'wav'}`), { force: true });
  const recording = { name, title, seconds: sound.seconds, bytes: bytes.length };
  return { ok: true, recording: { ...recording, savedAtMs: atMs, savedBy: by } };
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((file) => {
    const { name, ext } = parse(file);
    return endings.some((ending) => ending === ext) && isId(name);
  });
}

async function viewOf(folder: string, file: string, signal: AbortSignal): Promise<RecordingView> {
  const { name } = parse(file);
  const path = join(folder, file);
  const { size, mtimeMs } = await stat(path);
  const note = await noteOf(folder, name);
  return {
    name,
    title: note.title ?? name,
    seconds: note.seconds ?? (await secondsOf(path, signal)),
    bytes: size,
    savedAtMs: Math.round(mtimeMs),
    ...(note.savedBy === undefined ? {} : { savedBy: note.savedBy }),
  };
}

/** Of a file that was put into the folder by hand; 0 tells that it is no sound. */
async function secondsOf(path: string, signal: AbortSignal): Promise<number> {
  const sound = await probeSound(path, signal, longestRecordingSeconds * 10);
  return sound.ok ? sound.seconds : 0;
}

async function noteOf(folder: string, name: string): Promise<Note> {
  try {
    return JSON.parse(await readFile(notePath(folder, name), 'utf8')) as Note;
  } catch {
    return {};
  }
}

function notePath(folder: string, name: string): string {
  return join(folder, `${name}.json`);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
