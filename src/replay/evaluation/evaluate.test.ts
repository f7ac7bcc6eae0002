import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SceneEvent } from '../../contract/rule-event.ts';
import { createRecording, type FrameFacts } from '../recording.ts';
import { evaluate } from './evaluate.ts';
import { scoreTable } from './score-table.ts';
import { readTruth } from './truth.ts';

/** One man walks to the right, 10 px a frame, and comes by the door three times as two ids; frames 1 to 10. */
const rows = Array.from({ length: 10 }, (_, i) => `${i + 1},4,${i * 10},20,40,100,1,-1,-1,-1`);
const tripwires = {
  picture: [200, 200],
  framesPerSecond: 10,
  lines: [
    {
      name: 'main_gate',
      start: [0.3, 0],
      end: [0.3, 1],
      crossings: [{ frame: 5, id: 4, direction: 'b-to-a' }],
    },
  ],
};
const watchPoints = {
  watchPoints: [
    {
      name: 'door',
      centre: [0.5, 0.6],
      radiusOfHeight: 0.1,
      visits: {
        A: [
          [1, 2, 3],
          [4, 5, 4],
          [7, 8, 4],
        ],
        B: [[1, 2, 9]],
      },
    },
  ],
};
const persons = { persons: [{ person: 'A', ids: [3, 4] }] };

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truth-'));
  await writeFile(join(folder, 'gt.txt'), rows.join('\n'));
  await writeFile(join(folder, 'tripwires.json'), JSON.stringify(tripwires));
  await writeFile(join(folder, 'watch-points.json'), JSON.stringify(watchPoints));
  await writeFile(join(folder, 'persons.json'), JSON.stringify(persons));
  return () => rm(folder, { recursive: true, force: true });
});

function frameAt(frameNumber: number): FrameFacts {
  const mediaTimeMs = (frameNumber - 1) * 100;
  return { frameNumber, mediaTimeMs, sourceWidth: 200, sourceHeight: 200 };
}

function boxAt(frame: number) {
  const left = ((frame - 1) * 10) / 200;
  return { left, top: 0.1, right: left + 0.2, bottom: 0.6 };
}

function eventAt(frame: number, more: Partial<SceneEvent> & Pick<SceneEvent, 'kind'>): SceneEvent {
  return { mediaTimeMs: (frame - 1) * 100, box: boxAt(frame), ...more } as SceneEvent;
}

/** Every second frame is analysed; the track is confirmed in frame 5 and tells where it was before. */
function record(events: readonly SceneEvent[]) {
  const recording = createRecording();
  for (const frame of [1, 3, 5, 7, 9]) {
    const track = {
      trackId: 1,
      personId: 1,
      state: 'confirmed' as const,
      label: 'person',
      confidence: 0.8,
      box: boxAt(frame),
      firstSeenMs: 0,
      lastSeenMs: (frame - 1) * 100,
      ...(frame === 5
        ? { earlierPoints: [1, 3].map((at) => ({ mediaTimeMs: (at - 1) * 100, box: boxAt(at) })) }
        : {}),
    };
    const here = events.filter((event) => event.mediaTimeMs === (frame - 1) * 100);
    recording.add(frameAt(frame), { events: here, tracks: frame < 5 ? [] : [track] });
  }
  return recording;
}

const lengths = (score: Readonly<Record<'right' | 'wrong' | 'missed', readonly unknown[]>>) => [
  score.right.length,
  score.wrong.length,
  score.missed.length,
];

describe('a replay is compared with the truth', () => {
  it('frame by frame as far as it was analysed, what was known late included', async () => {
    const truth = await readTruth(folder);
    const recording = record([
      eventAt(7, { kind: 'tripwire-crossed', ruleId: 'main-gate', direction: 'b-to-a' }),
      eventAt(5, { kind: 'pass-loitering', ruleId: 'door-visits' }),
      eventAt(7, { kind: 'pass-loitering', ruleId: 'door-visits' }),
      eventAt(7, { kind: 'pass-loitering', ruleId: 'door' }),
    ]);
    const { clear, hota, crossings, watchPoints: points } = evaluate(recording, truth);
    expect(recording.trackRows().map((row) => row.frame)).toEqual([1, 3, 5, 7, 9]);
    expect(clear).toMatchObject({ mota: 1, misses: 0, falsePositives: 0 });
    expect(hota.hota).toBeCloseTo(1);
    expect(crossings).toMatchObject({ f1: 1, missed: [] });
    const door = points.get('door');
    // The visits of ids 3 and 9 were not reported.
    expect(door && lengths(door.visits)).toEqual([2, 0, 2]);
    expect(door && lengths(door.thirdPasses)).toEqual([1, 0, 0]);
  });

  it('a third pass told twice is once wrong; one of another person or of nobody is wrong', async () => {
    const truth = await readTruth(folder);
    const loitering = (more: Partial<SceneEvent>) =>
      eventAt(7, { kind: 'pass-loitering', ruleId: 'door', ...more });
    const nowhere = { left: 0.8, top: 0.8, right: 0.9, bottom: 0.9 };
    const scoreOf = (events: readonly SceneEvent[]) => {
      const door = evaluate(record(events), truth).watchPoints.get('door');
      return door && lengths(door.thirdPasses);
    };
    expect(scoreOf([loitering({}), loitering({})])).toEqual([1, 1, 0]);
    expect(scoreOf([loitering({ box: nowhere })])).toEqual([0, 1, 1]);
    expect(scoreOf([])).toEqual([0, 0, 1]);
  });

  it('every watch point has a twin that reports each visit', async () => {
    const { rules } = await readTruth(folder);
    expect(rules.watchPoints?.map(({ ruleId, passes }) => [ruleId, passes])).toEqual([
      ['door', undefined],
      ['door-visits', 1],
    ]);
  });

  it('and the table has one column for each replay', async () => {
    const evaluation = evaluate(record([]), await readTruth(folder));
    const named = { title: ['model', '5 fps'], evaluation };
    const table = scoreTable([named, named]);
    expect(table).toMatch(/^ +model +model\n +5 fps +5 fps\nHOTA +1\.000 +1\.000\n/);
    expect(table).toMatch(/\nmain-gate: true\/false\/missed +0\/0\/1 +0\/0\/1\n/);
    expect(table).toMatch(/\ndoor: visits +0\/0\/4 +0\/0\/4\n {2}third passes +0\/0\/1 /);
  });
});

it.each([
  ['gt.txt', '1,2,three', /gt\.txt: line 1 is no MOT/],
  ['tripwires.json', '{', /tripwires\.json is no JSON/],
  ['watch-points.json', '{"watchPoints":[{}]}', /watch-points\.json: watchPoints\/0/],
  ['persons.json', '{"persons":[{"ids":[1]}]}', /persons\.json: persons\/0/],
])('a truth whose %s is broken is named', async (file, text, sentence) => {
  await writeFile(join(folder, file), text);
  await expect(readTruth(folder)).rejects.toThrow(sentence);
});

it('a truth that is not there is named', async () => {
  await expect(readTruth(join(folder, 'none'))).rejects.toThrow(
    /there is no folder .*none; name one with --truth/,
  );
});
