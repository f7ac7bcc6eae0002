/** Short runs of the chaos command; the long ones are `npm run chaos`. */
import { describe, expect, test } from 'vitest';
import { runCommand } from '../harness/run-command.ts';

const chaos = (...args: string[]) => runCommand('scripts/chaos/main.ts', args);
const whole = { lost: 0, unexpected: 0, duplicates: 0, integrity: 'ok' };

describe.concurrent('events', () => {
  test('are neither lost nor doubled while edge, broker and collector are killed and halted', async () => {
    const { result } = await chaos('--seconds', '6', '--broker', 'mosquitto', '--seed', '4');
    expect(result).toMatchObject(whole);
    expect(result['faults']).toBeGreaterThanOrEqual(3);
    expect(result['accepted']).toBeGreaterThan(100);
    expect(result['stored']).toBeGreaterThanOrEqual(Number(result['accepted']));
  });

  test('survive a death at each step around each commit, on either side', async () => {
    const { result } = await chaos('--crash-at', 'all', '--times', '1');
    expect(result).toMatchObject({ ...whole, faults: 7 });
  });

  test('are lost by an edge that believes the broker, and the harness sees it', async () => {
    const { result, exit, output } = await chaos('--seconds', '5', '--control', '--seed', '3');
    expect(output).toContain('negative control');
    expect(result['lost']).toBeGreaterThan(0);
    expect(exit).toBe(0);
  });
});
