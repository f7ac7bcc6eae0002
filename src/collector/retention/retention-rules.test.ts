/** How long what is kept: what the profiles allow, and that nothing held or too young may ever go, whatever the clock does. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { believeClock, type ClockMemory, readClock, startClock } from './clock-guard.ts';
import {
  dayMs,
  groupsOf,
  keptDays,
  mayGo,
  type RetentionRules,
  retentionFault,
  toRetentionRules,
} from './retention-rules.ts';

const hourMs = 3600_000;

describe('profiles', () => {
  test.each([
    [undefined, 30],
    ['cn', 30],
    ['cn-key', 90],
    ['eu', 3],
  ] as const)('%s keeps recordings for %i days', (profile, days) => {
    const rules = toRetentionRules(profile === undefined ? {} : { profile });
    for (const dataClass of ['events', 'snapshots', 'clips'] as const)
      expect(keptDays(rules, { dataClass, cameraId: 'cam-1' })).toBe(days);
  });

  test.each([
    [
      { clipDays: 29 },
      'retention/clipDays',
      /29 days are too few, the profile "cn" asks for at least 30/,
    ],
    [{ profile: 'cn-key', snapshotDays: 89 }, 'retention/snapshotDays', /at least 90/],
    [{ cameras: { 'cam-1': { clipDays: 7 } } }, 'retention/cameras/cam-1/clipDays', /at least 30/],
    [{ profile: 'eu', clipDays: 4 }, 'retention/clipDays', /need a "reason"/],
    [{ clipDays: 60, eventDays: 40 }, 'retention/eventDays', /cannot go before its clips/],
  ] as const)('%j is refused in one sentence', (config, place, reason) => {
    const fault = retentionFault(config);
    expect(fault?.place).toBe(place);
    expect(fault?.reason).toMatch(reason);
  });

  test('what the law leaves open can be chosen', () => {
    expect(
      retentionFault({ clipDays: 60, cameras: { 'cam-1': { snapshotDays: 365 } } }),
    ).toBeUndefined();
    expect(retentionFault({ profile: 'eu', clipDays: 10, reason: 'case 7' })).toBeUndefined();
    expect(retentionFault({ profile: 'eu', clipDays: 1, feedDays: 0.5 })).toBeUndefined();
    const rules = toRetentionRules({ cameras: { 'cam-1': { snapshotDays: 365 } } });
    expect(keptDays(rules, { dataClass: 'events', cameraId: 'cam-1' })).toBe(365);
    expect(keptDays(rules, { dataClass: 'clips', cameraId: 'cam-1' })).toBe(30);
    expect(keptDays(rules, { dataClass: 'snapshots' })).toBe(365);
  });

  test('every camera is in just one group, and that has its days', () => {
    const cameras = Object.fromEntries(
      Array.from({ length: 1200 }, (_, at) => [`cam-${at}`, { clipDays: 30 + (at % 2) }]),
    );
    const rules = toRetentionRules({ cameras });
    const groups = groupsOf(rules, 'clips');
    for (const cameraId of [...Object.keys(cameras), 'another']) {
      const own = groups.filter(
        (group) => group.cameraIds.includes(cameraId) === (group.kind === 'these'),
      );
      expect(own.map(({ days }) => days)).toEqual([
        keptDays(rules, { dataClass: 'clips', cameraId }),
      ]);
    }
  });
});

/** One step of a life: the steady clock goes on, the wall clock may jump, and perhaps the process starts anew. */
const step = fc.record({
  passMs: fc.integer({ min: 0, max: 12 * hourMs }),
  jumpMs: fc.oneof(
    { weight: 60, arbitrary: fc.integer({ min: -60_000, max: 60_000 }) },
    { weight: 3, arbitrary: fc.integer({ min: -4 * hourMs, max: 4 * hourMs }) },
    { weight: 1, arbitrary: fc.integer({ min: -400 * dayMs, max: 400 * dayMs }) },
  ),
  held: fc.boolean(),
});

describe('the clock', () => {
  const at = (wallMs: number, steadyMs: number) => ({ wallMs, steadyMs });
  const t = 1_800_000_000_000;

  test('a jump of more than an hour is waited out for five minutes', () => {
    let memory: ClockMemory = startClock(at(t, 0), undefined);
    const kindAt = (wallMs: number, steadyMs: number): string => {
      const read = readClock(memory, at(wallMs, steadyMs));
      memory = read.memory;
      return read.verdict.kind;
    };
    expect(kindAt(t + 1000, 1000)).toBe('believed');
    expect(kindAt(t + 2 * hourMs, 2000)).toBe('waiting');
    expect(kindAt(t + 2 * hourMs + 299_000, 301_000)).toBe('waiting');
    // A second jump starts the wait anew.
    expect(kindAt(t + 4 * hourMs, 301_500)).toBe('waiting');
    expect(kindAt(t + 4 * hourMs + 299_000, 600_500)).toBe('waiting');
    expect(kindAt(t + 4 * hourMs + 300_000, 601_500)).toBe('believed');
    // Corrected back and forth again is a jump again.
    expect(kindAt(t + 601_600, 601_600)).toBe('believed');
    expect(kindAt(t + 4 * hourMs + 601_700, 601_700)).toBe('waiting');
  });

  test('a jump of more than twelve hours asks until somebody says that it is right', () => {
    let { memory, verdict } = readClock(startClock(at(t, 0), undefined), at(t + dayMs, 1000));
    expect(verdict).toEqual({ kind: 'asking', fromMs: t + 1000, toMs: t + dayMs });
    ({ memory, verdict } = readClock(memory, at(t + 9 * dayMs, 8 * dayMs)));
    expect(verdict.kind).toBe('asking');
    memory = believeClock(at(t + 9 * dayMs, 8 * dayMs));
    expect(readClock(memory, at(t + 9 * dayMs, 8 * dayMs)).verdict.kind).toBe('believed');
  });

  test('put right again, it is believed without a word', () => {
    const { memory } = readClock(startClock(at(t, 0), undefined), at(t + dayMs, 1000));
    expect(readClock(memory, at(t + 2000, 2000)).verdict.kind).toBe('believed');
  });

  test('a start is held against the last time that was believed', () => {
    const kind = (lastMs: number | undefined): string =>
      readClock(startClock(at(t, 0), lastMs), at(t, 0)).verdict.kind;
    expect([undefined, t + dayMs, t - hourMs / 2, t - 2 * hourMs, t - dayMs].map(kind)).toEqual([
      ...['believed', 'believed', 'believed', 'waiting', 'asking'],
    ]);
  });

  test('in any life nothing held goes, nothing too young by the clock, and nothing 12 hours too young in truth', () => {
    const rules = toRetentionRules({ profile: 'eu' });
    let gone = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        for (const { nowMs, steadyMs, went } of live(rules, steps)) {
          gone += went.length;
          for (const item of went) {
            expect(item.held).toBe(false);
            expect(nowMs - item.storedAtMs).toBeGreaterThan(3 * dayMs);
            expect(steadyMs - item.storedSteadyMs).toBeGreaterThan(3 * dayMs - 12 * hourMs - 1);
          }
        }
      }),
      { numRuns: 300, seed: 20_261_124 },
    );
    expect(gone).toBeGreaterThan(1000);
  });
});

type Step = Readonly<{ passMs: number; jumpMs: number; held: boolean }>;

/** At each step something is stored, and what may go is told. */
function* live(rules: RetentionRules, steps: readonly Step[]) {
  let [wallMs, steadyMs] = [1_800_000_000_000, 0];
  let memory = startClock({ wallMs, steadyMs }, undefined);
  const items: { storedAtMs: number; storedSteadyMs: number; held: boolean }[] = [];
  for (const { passMs, jumpMs, held } of steps) {
    steadyMs += passMs;
    wallMs = Math.max(0, wallMs + passMs + jumpMs);
    const read = readClock(memory, { wallMs, steadyMs });
    memory = read.memory;
    items.push({ storedAtMs: wallMs, storedSteadyMs: steadyMs, held });
    if (read.verdict.kind !== 'believed') continue;
    const { nowMs } = read.verdict;
    const went = items.filter((item) =>
      mayGo(rules, { dataClass: 'clips', id: 'x', cameraId: 'cam-1', ...item }, nowMs),
    );
    yield { nowMs, steadyMs, went };
  }
}
