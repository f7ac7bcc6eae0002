/** Short runs of the chaos command; the long ones are `npm run chaos`. How fast it was is for those. */
import { describe, expect, test } from 'vitest';
import { runCommand } from '../harness/run-command.ts';

const chaos = (...args: string[]) => runCommand('scripts/chaos/main.ts', args);
const whole = { lost: 0, unexpected: 0, duplicates: 0, integrity: 'ok' };
/** Each starts a centre of its own, on a machine that may be busy. */
const patient = { timeout: 240_000 };

describe.concurrent('events', patient, () => {
  test('are neither lost nor doubled while edge, broker and collector are killed and halted', async () => {
    const { result } = await chaos('--seconds', '6', '--broker', 'mosquitto', '--seed', '4');
    expect(result).toMatchObject(whole);
    expect(result['faults']).toBeGreaterThanOrEqual(3);
    expect(result['accepted']).toBeGreaterThan(100);
    expect(result['stored']).toBeGreaterThanOrEqual(Number(result['accepted']));
  });

  test('survive a death at each step around each commit, on either side, and call and speak once', async () => {
    const { result } = await chaos('--crash-at', 'all', '--times', '1', '--per-second', '30');
    expect(result).toMatchObject({ ...whole, faults: 8, doubleAlarms: 0, doubleAnnouncements: 0 });
    expect(result).toMatchObject({ uncounted: 0, clipsLost: 0, clipsHalf: 0, clipsWaiting: 0 });
  });

  test('are lost by an edge that believes the broker, and the harness sees it', async () => {
    const { result, exit, output } = await chaos('--seconds', '5', '--control', '--seed', '3');
    expect(output).toContain('negative control');
    expect(result['lost']).toBeGreaterThan(0);
    expect(exit).toBe(0);
  });

  test('are sent again within bounds while every answer vanishes, and stored once', async () => {
    const { result } = await chaos('--fault', 'one-way', '--seconds', '4');
    expect(result).toMatchObject(whole);
    expect(result['duplicatesDropped']).toBeGreaterThan(0);
    expect(result['acks']).toHaveProperty('sent');
    const { sent } = result['acks'] as Readonly<{ sent: number }>;
    expect(sent).toBeLessThanOrEqual(Number(result['mostSent']));
  });

  test('still call, and say that their time is in doubt, while clocks jump on either side', async () => {
    const { result } = await chaos('--fault', 'clock', '--seconds', '1', '--per-second', '30');
    expect(result).toMatchObject({ ...whole, broken: [], restarts: 0, lateAlarms: 0, deleted: 0 });
    for (const why of ['jumped', 'differs', 'implausible'])
      expect(result[why], why).toBeGreaterThan(0);
  });

  test('pass by poison in the outbox and on the line, and no other edge waits for it', async () => {
    const { result } = await chaos('--fault', 'poison', '--seconds', '3', '--per-second', '30');
    expect(result).toMatchObject({
      ...whole,
      spoiled: 4,
      dropped: 4,
      crashes: 0,
      unacknowledged: 0,
    });
    expect(result['reasons']).toHaveLength(Number(result['kinds']));
    const times = result['times'] as Readonly<{ sent: number; seen: number }>;
    expect(times.seen).toBe(times.sent);
  });

  test('outlive a change of version at the edge, back and forth, with what this centre does not know', async () => {
    const { result } = await chaos('--fault', 'versions', '--backlog', '300');
    expect(result).toMatchObject({ ...whole, broken: [] });
    expect(result['kept']).toBe(result['nextEvents']);
    expect(result['kept']).toBeGreaterThan(0);
  });

  test('stay in order over a line that goes dead without a word, and both sides notice', async (context) => {
    const args = ['--fault', 'partition', '--seconds', '8', '--keepalive', '2'];
    const { result } = await chaos(...args, '--per-second', '30');
    context.skip('skipped' in result, String(result['skipped']));
    expect(result).toMatchObject({ ...whole, outOfOrder: 0 });
    const outages = result['outages'] as readonly Record<string, unknown>[];
    expect(outages).toHaveLength(1);
    expect(outages[0]?.['edgeNoticed']).toBeGreaterThan(0);
    expect(outages[0]?.['centreNoticed']).toBeGreaterThan(0);
  });
});
