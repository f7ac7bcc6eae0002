import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMotRows } from './evaluation/mot-rows.ts';

const run = promisify(execFile);
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const square = fileURLToPath(new URL('../../test-fixtures/clips/town-square.mp4', import.meta.url));
/** A wire that a man crosses in the clip's first seconds, going to the left. */
const rules = {
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'right-gate',
      points: [
        [0.92839, 0.5],
        [0.875, 0.79688],
      ],
    },
  ],
};

let folder = '';
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  await run('ffmpeg', ['-v', 'error', '-t', '6', '-i', square, '-c', 'copy', path('short.mp4')]);
  await run('ffmpeg', [
    ...['-v', 'error', '-i', path('short.mp4'), '-c', 'copy'],
    ...['-bsf:v', 'h264_mp4toannexb', path('short.264')],
  ]);
  await writeFile(path('rules.json'), JSON.stringify(rules));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Ending = Readonly<{ exitCode: number; stdout: string; stderr: string }>;

async function replay(options: Readonly<Record<string, string>>): Promise<Ending> {
  const all = {
    clip: path('short.mp4'),
    rules: path('rules.json'),
    'analysis-fps': '5',
    events: path('events.jsonl'),
    tracks: path('tracks.txt'),
    persons: path('persons.txt'),
    ...options,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  try {
    const { stdout, stderr } = await run(process.execPath, [main, ...args]);
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

async function eventsIn(file: string): Promise<readonly Record<string, unknown>[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a replay of six seconds', () => {
  it('writes the crossings, the tracks and a summary', async () => {
    const first = await replay({});
    expect(first).toMatchObject({ exitCode: 0 });
    const events = await eventsIn(path('events.jsonl'));
    expect(
      events.map((event) => [event['kind'], event['ruleId'], event['direction']]),
    ).toContainEqual(['tripwire-crossed', 'right-gate', 'a-to-b']);
    for (const event of events) {
      expect(event).toMatchObject({
        mediaTimeMs: expect.any(Number),
        trackId: expect.any(Number),
        personId: expect.any(Number),
      });
    }

    const summary = JSON.parse(first.stdout.trim().split('\n').at(-1) ?? '') as unknown;
    expect(summary).toEqual({
      frames: 60,
      analysedFrames: 30,
      wallSeconds: expect.any(Number),
      cpuSeconds: expect.any(Number),
      events: { 'tripwire-crossed': events.length },
    });

    const written = await readFile(path('tracks.txt'), 'utf8');
    const rows = readMotRows(written);
    expect(rows.length).toBeGreaterThan(60);
    expect(rows.every((row) => row.frame % 2 === 1 && row.frame <= 60)).toBe(true);
    expect(rows.every((row) => row.box.right <= 800 && row.box.bottom <= 620)).toBe(true);
    expect(readMotRows(await readFile(path('persons.txt'), 'utf8'))).toHaveLength(rows.length);
  });

  it('writes the same again', async () => {
    const names = ['events', 'tracks', 'persons'];
    await replay(Object.fromEntries(names.map((name) => [name, path(`again-${name}`)])));
    const [events, tracks, persons] = await Promise.all(
      ['events.jsonl', 'tracks.txt', 'persons.txt'].map((name) => readFile(path(name), 'utf8')),
    );
    expect(events).not.toBe('');
    expect(await readFile(path('again-events'), 'utf8')).toBe(events);
    expect(await readFile(path('again-tracks'), 'utf8')).toBe(tracks);
    expect(await readFile(path('again-persons'), 'utf8')).toBe(persons);
  });

  it('takes a raw stream at the rate it is told', async () => {
    const { exitCode, stdout } = await replay({ clip: path('short.264'), 'input-fps': '10' });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 60, analysedFrames: 30 });
  });
});

describe('what is at fault is said in one sentence, with exit code 2', () => {
  beforeAll(async () => {
    await copyFile(path('short.mp4'), path('cut.mp4'));
    await truncate(path('cut.mp4'), 40_000);
    await writeFile(path('text.mp4'), 'This is no video.\n');
    await writeFile(
      path('wrong.json'),
      JSON.stringify({
        schemaVersion: 1,
        tripwires: [
          {
            ruleId: 'gate',
            points: [
              [0, 0],
              [7, 1],
            ],
          },
        ],
      }),
    );
  });

  it.each([
    ['a missing clip', () => ({ clip: path('none.mp4') }), /none\.mp4.*no such file/],
    ['a truncated clip', () => ({ clip: path('cut.mp4') }), /cut\.mp4.*truncated/],
    ['a clip that is no video', () => ({ clip: path('text.mp4') }), /text\.mp4.*no video/],
    [
      'rules out of range',
      () => ({ rules: path('wrong.json') }),
      /wrong\.json, line 1: tripwires\/0\/points\/1\/0/,
    ],
    ['a missing model', () => ({ model: path('none.manifest.json') }), /none\.manifest\.json/],
    [
      'results that cannot be written',
      () => ({ events: path('none/events.jsonl') }),
      /cannot be written/,
    ],
  ])('%s', async (_, options, sentence) => {
    const { exitCode, stdout, stderr } = await replay(options());
    const said = stderr.trim().split('\n');
    expect(said.at(-1)).toMatch(sentence);
    expect(said).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});
