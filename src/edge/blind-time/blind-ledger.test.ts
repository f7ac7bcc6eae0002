/** Blind seconds by day and reason. */
import { expect, test } from 'vitest';
import { type BlindLedger, type BlindSum, createBlindLedger, type Sight } from './blind-ledger.ts';

const timeZone = 'Asia/Shanghai';
/** Ten seconds before midnight in Shanghai. */
const lateMs = Date.parse('2026-11-24T15:59:50.000Z');
const camera: Sight = { cameraId: 'gate' };
const wire: Sight = { cameraId: 'gate', ruleId: 'wire' };

function told(sums: readonly BlindSum[]): readonly string[] {
  return sums
    .map(
      ({ day, cameraId, ruleId = '-', reason, milliseconds }) =>
        `${day} ${cameraId} ${ruleId} ${reason} ${milliseconds / 1000}`,
    )
    .sort();
}

test('what happened between two looks is put down to the reason found, cut at local midnight', () => {
  const ledger = createBlindLedger({ timeZone, keptDays: 30 });
  const offline = [
    { ...camera, reason: 'offline' as const },
    { ...wire, reason: 'offline' as const },
  ];
  ledger.advance(lateMs, offline);
  ledger.advance(lateMs + 4000, [camera, { ...wire, reason: 'rate' }]);
  for (let second = 5; second <= 15; second += 1) ledger.advance(lateMs + second * 1000, offline);
  ledger.advance(lateMs + 16_000, [camera, wire]);
  expect(told(ledger.sums())).toEqual([
    '2026-11-24 gate - offline 6',
    '2026-11-24 gate wire offline 6',
    '2026-11-24 gate wire rate 4',
    '2026-11-25 gate - offline 5',
    '2026-11-25 gate wire offline 5',
  ]);
});

test.each([
  ['the box was off', 3600, { aliveAtMs: lateMs - 3_600_000 }, ['2026-11-24 gate - stopped 3600']],
  ['a first life of the box', 0, {}, []],
])('%s: the time before it is told as such', (_, __, before, expected) => {
  const ledger = createBlindLedger({ timeZone, keptDays: 30, ...before });
  ledger.advance(lateMs, [camera]);
  expect(told(ledger.sums())).toEqual(expected);
});

test('a process that slept is told as stopped, and a clock that is put back counts nothing', () => {
  const ledger = createBlindLedger({ timeZone, keptDays: 30 });
  ledger.advance(lateMs - 600_000, [camera]);
  ledger.advance(lateMs - 300_000, [camera]);
  ledger.advance(lateMs - 400_000, [{ ...camera, reason: 'offline' }]);
  expect(told(ledger.sums())).toEqual(['2026-11-24 gate - stopped 300']);
});

test('changes are told once, with the whole sum', () => {
  const ledger = createBlindLedger({ timeZone, keptDays: 30 });
  const blind = [{ ...camera, reason: 'stalled' as const }];
  ledger.advance(lateMs - 9000, blind);
  ledger.advance(lateMs - 8000, blind);
  expect(told(ledger.changed())).toEqual(['2026-11-24 gate - stalled 1']);
  expect(ledger.changed()).toEqual([]);
  ledger.advance(lateMs - 7000, blind);
  expect(told(ledger.changed())).toEqual(['2026-11-24 gate - stalled 2']);
});

test('only so many days are kept, even of a box that was off for a year', () => {
  const yearMs = 365 * 86_400_000;
  const ledger = createBlindLedger({ timeZone, keptDays: 30, aliveAtMs: lateMs - yearMs });
  ledger.advance(lateMs, [camera]);
  const days = ledger.sums().map(({ day }) => day);
  expect([days.length, days[0], days.at(-1)]).toEqual([30, '2026-10-26', '2026-11-24']);
});

const dayMs = 86_400_000;

/** A second of a life after the other; the wall clock is `wallAt` ahead of the counting one. */
function live(ledger: BlindLedger, fromSecond: number, toSecond: number, wallAtMs: number): void {
  for (let second = fromSecond; second <= toSecond; second += 1)
    ledger.advance(wallAtMs + second * 1000, [camera], second * 1000);
}

test('a box that wakes up in 1970 and is set right was off until it woke, and no longer', () => {
  const ledger = createBlindLedger({ timeZone, keptDays: 30, aliveAtMs: lateMs - 3_600_000 });
  live(ledger, 0, 300, 0);
  live(ledger, 301, 400, lateMs - 600_000);
  expect(told(ledger.sums())).toEqual(['2026-11-24 gate - stopped 3000']);
  expect(ledger.aliveAtMs()).toBe(lateMs - 200_000);
});

test('until its clock is set right, such a box keeps in mind when it was last alive', () => {
  const ledger = createBlindLedger({ timeZone, keptDays: 30, aliveAtMs: lateMs });
  live(ledger, 0, 300, 0);
  expect(ledger.aliveAtMs()).toBe(lateMs);
});

test.each([
  ['a day', dayMs],
  ['a year', 365 * dayMs],
])('a clock that is put %s forward and back counts nothing and forgets nothing', (_, jumpMs) => {
  const day = '2026-11-20';
  const kept = [{ cameraId: 'gate', day, reason: 'offline' as const, milliseconds: 5000 }];
  const ledger = createBlindLedger({ timeZone, keptDays: 30, kept });
  const startMs = lateMs - 7_200_000;
  live(ledger, 0, 400, startMs);
  live(ledger, 401, 520, startMs + jumpMs);
  expect(ledger.oldestDay()).toBe('2026-10-26');
  live(ledger, 521, 600, startMs);
  expect(told(ledger.sums())).toEqual(['2026-11-20 gate - offline 5']);
});
