/** One round of each fault on a real box; `npm run faults` makes twenty, and the long ones. */
import { expect, test } from 'vitest';
import { canMountTmpfs } from '../../src/testing/full-disk.ts';
import { runCommand } from '../harness/run-command.ts';
import { fullDiskBox, fullDiskFaults } from './full-disk-box.ts';

test('a camera that hangs is told within ten seconds and is back within five, and a box that stood still restarts none', async () => {
  const rounds = ['--stall-rounds', '1', '--cameras', '2', '--seed', '7'];
  const late = ['--halt-seconds', '7', '--database-seconds', '4', '--hog-seconds', '6'];
  const { result, output } = await runCommand('scripts/faults/main.ts', [
    ...rounds,
    ...late,
    ...[
      '--hostile-seconds',
      '0',
      '--disk-seconds',
      '0',
      '--corrupt-seconds',
      '0',
      '--stuck-looks',
      '0',
    ],
  ]);
  expect(result['faults'], output).toEqual([]);
  expect(result['stall']).toMatchObject({
    ...{ rounds: 1, decodersMost: 1, zombies: 0, causes: ['signal-lost'] },
  });
  const { offlineSecondsMost, backSecondsMost } = result['stall'] as Record<string, number>;
  expect(offlineSecondsMost).toBeGreaterThan(5);
  expect(backSecondsMost).toBeGreaterThan(0);
  for (const fault of ['halt', 'database', 'hog'])
    expect(result[fault]).toMatchObject({ restarts: 0, stalls: 0, eventsWaiting: 0 });
}, 150_000);

test.runIf(canMountTmpfs())(
  'a box whose disk is full says so to the centre, goes on, and afterwards every event is there or counted',
  async () => {
    const figures = await fullDiskBox(2, 1);
    expect(fullDiskFaults(figures), JSON.stringify(figures)).toEqual([]);
  },
);
