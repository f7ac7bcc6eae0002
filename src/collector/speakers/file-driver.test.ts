import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createFileDriver } from './file-driver.ts';
import { readWav } from './voice/wav-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'file-driver-'));
const wavPath = join(folder, 'prepared.wav');
writeFileSync(wavPath, 'in the way');
const sound = { samples: Int16Array.of(1, -2, 3), sampleRate: 16000 } as const;
const never = new AbortController().signal;
const spokenAt = Date.UTC(2026, 10, 23, 20, 15, 30, 125);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function driverInto(spoken: string) {
  return createFileDriver(
    { driver: 'file', speakerId: 'folder', name: 'Folder', folder: spoken },
    () => spokenAt,
  );
}

describe('a speaker that is a folder', () => {
  test('stores the announcement under its time and id, and nothing else', async () => {
    const spoken = join(folder, 'made', 'when-missing');
    const driver = driverInto(spoken);
    expect(await driver.probe()).toEqual({ kind: 'ready' });
    const outcome = await driver.play({ announcementId: 'abc', ...sound }, never);
    expect(outcome).toEqual({ kind: 'played' });
    expect(readdirSync(spoken)).toEqual(['2026-11-23T20-15-30.125Z_abc.wav']);
    expect(readWav(readFileSync(join(spoken, '2026-11-23T20-15-30.125Z_abc.wav')))).toEqual(sound);
  });

  test('says why it cannot store', async () => {
    const driver = driverInto(join(wavPath, 'below-a-file'));
    const reason = expect.stringContaining('below-a-file does not take the announcement');
    expect(await driver.probe()).toMatchObject({ kind: 'unreachable', reason });
    const outcome = await driver.play({ announcementId: 'abc', ...sound }, never);
    expect(outcome).toMatchObject({ kind: 'failed', reason });
    expect(driver.status()).toEqual(outcome);
  });

  test('stores nothing once it has been stopped', async () => {
    const spoken = join(folder, 'stopped');
    const outcome = await driverInto(spoken).play(
      { announcementId: 'abc', ...sound },
      AbortSignal.abort(),
    );
    expect(outcome).toEqual({ kind: 'stopped' });
    expect(readdirSync(folder)).not.toContain('stopped');
  });
});
