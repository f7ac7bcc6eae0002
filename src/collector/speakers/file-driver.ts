/**
 * A speaker that is a folder: every announcement becomes a WAV file in it, whole or not at all
 * (written aside, flushed to the disk, renamed). The name carries the time and the announcement.
 */

import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { because } from '../../contract/reason.ts';
import type { AnnouncementAudio, Outcome, Probe, SpeakerDriver } from './speaker.ts';
import type { FileSpeakerConfig } from './speaker-config.ts';
import { wavFile } from './voice/wav-file.ts';

export function createFileDriver(config: FileSpeakerConfig, now: () => number): SpeakerDriver {
  let last: Probe | Outcome | undefined;
  return {
    sampleRate: 16000,
    probe: async () => {
      const probed = await probe(config.folder);
      last = probed;
      return probed;
    },
    play: async (audio, signal, start) => {
      await start?.();
      const outcome: Outcome = signal.aborted
        ? { kind: 'stopped' }
        : await store(audio, config.folder, now());
      last = outcome;
      return outcome;
    },
    status: () => last,
    stop: async () => undefined,
  };
}

async function probe(folder: string): Promise<Probe> {
  const path = join(folder, `.probe-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await (await open(path, 'w')).close();
    await rm(path);
    return { kind: 'ready' };
  } catch (error) {
    return { kind: 'unreachable', reason: folderReason(folder, error) };
  }
}

async function store(audio: AnnouncementAudio, folder: string, nowMs: number): Promise<Outcome> {
  const time = new Date(nowMs).toISOString().replaceAll(':', '-');
  const path = join(folder, `${time}_${audio.announcementId}.wav`);
  try {
    await mkdir(folder, { recursive: true });
    await writeWhole(path, wavFile(audio));
    return { kind: 'played' };
  } catch (error) {
    return { kind: 'failed', reason: folderReason(folder, error) };
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const aside = `${path}.part`;
  try {
    const file = await open(aside, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

function folderReason(folder: string, error: unknown): string {
  const cause = error instanceof Error ? error.message : String(error);
  return because('folder-refuses', { folder, error: cause });
}
