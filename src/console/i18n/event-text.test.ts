/** What happened, in one phrase. */
import { describe, expect, it } from 'vitest';
import type { RuleEvent } from '../../contract/rule-event.ts';
import { alarmView, crossing } from '../../testing/alarm-view.ts';
import { en } from './en.ts';
import { alarmText, clockSuspectText, eventText, warningText } from './event-text.ts';
import { inCentreZone, momentText, zoneText } from './time-text.ts';
import { zh } from './zh.ts';

const { direction: _, ...sighting } = crossing;
const { ruleId: _r, trackId: _t, personId: _p, label: _l, ...withoutRule } = sighting;
const { confidence: _c, box: _b, footPoint: _f, trail: _w, kind: _k, ...about } = withoutRule;
const pass = { startedAtMs: 1, mediaTimeMs: 1, trackId: 1, link: 'certain' as const };

describe('what came of a warning', () => {
  it.each([
    ['left', '已警告，12 秒后离开', 'warned, left after 12 s'],
    ['still-there', '已警告，仍在现场', 'warned, still there'],
    ['unknown', '已警告，是否离开不明', 'warned, not known whether gone'],
  ] as const)('%s is said in both languages', (outcome, inChinese, inEnglish) => {
    expect(warningText({ outcome, afterSeconds: 12.4 }, zh)).toBe(inChinese);
    expect(warningText({ outcome, afterSeconds: 12.4 }, en)).toBe(inEnglish);
  });
});

describe('a clock that is in doubt', () => {
  it.each([
    [{ why: 'implausible' }, '不可能的日期', 'cannot be'],
    [{ why: 'jumped', aheadMs: 172_800_000 }, '快 2 天', '2 d ahead'],
    [{ why: 'differs', aheadMs: -3_600_000 }, '慢 60 分钟', '60 min behind'],
    [{ why: 'differs', aheadMs: 3100 }, '快 3 秒', '3 s ahead'],
    [{ why: 'jumped' }, '幅度不明', 'not known'],
  ] as const)('%o is said in both languages', (suspect, inChinese, inEnglish) => {
    expect(clockSuspectText(suspect, zh)).toContain(inChinese);
    expect(clockSuspectText(suspect, en)).toContain(inEnglish);
  });
});

describe('event text', () => {
  it.each<[RuleEvent, string, string]>([
    [
      {
        ...about,
        kind: 'outbox-damaged',
        reason: 'the file is empty',
        ...{ kept: 0, lastSequence: 20, missing: 20 },
      },
      '边缘发件库损坏，已修复并续号： 挽回 0 条待送事件，丢失最多 20 条（此前从未送达）',
      'The edge found its outbox damaged and mended it: 0 waiting events were saved, at most 20 are lost; none had come before',
    ],
    [crossing, '越过划线 A → B', 'Tripwire crossed A → B'],
    [{ ...sighting, kind: 'zone-entered' }, '进入区域', 'Zone entered'],
    [
      { ...sighting, kind: 'dwell-loitering', dwellSeconds: 31.6 },
      '区域内逗留 已逗留 32 秒',
      'Loitering in zone there for 32 s',
    ],
    [
      {
        ...crossing,
        firstCrossing: {
          direction: 'a-to-b',
          crossedAtMs: crossing.capturedAtMs - 7000,
          mediaTimeMs: crossing.mediaTimeMs - 7000,
          trackId: 7,
          box: crossing.box,
        },
      },
      '越过划线 先后越过两条线，间隔 7 秒',
      'Tripwire crossed both wires in order, 7 s apart',
    ],
    [
      { ...sighting, kind: 'place-occupied', occupiedSeconds: 61.2 },
      '区域长时间有人 已持续 61 秒',
      'Place occupied for 61 s',
    ],
    [
      { ...sighting, kind: 'pass-loitering', passes: [pass, pass, pass] },
      '同一人反复经过 第 3 次',
      'Same person again, pass no. 3',
    ],
    [
      {
        ...{ ...about, kind: 'camera-offline', cause: 'signal-lost' },
        reason: 'camera cam-1: no picture for 5 s',
      },
      '信号丢失 camera cam-1: no picture for 5 s',
      'Signal lost: camera cam-1: no picture for 5 s',
    ],
    [
      { ...about, kind: 'camera-offline', reason: 'as older boxes tell it' },
      '摄像机离线 as older boxes tell it',
      'Camera offline as older boxes tell it',
    ],
  ])('of $kind', (event, chinese, english) => {
    expect(eventText(event, zh)).toBe(chinese);
    expect(eventText(event, en)).toBe(english);
  });
});

it('names the rule, unless the alarm is about the camera itself', () => {
  expect(alarmText(alarmView(), zh)).toBe('巷口西侧 · 越过划线 A → B');
  const { schemaVersion, eventId, edgeId, sequence, cameraId, capturedAtMs } = crossing;
  const event: RuleEvent = {
    kind: 'camera-offline',
    ...{ schemaVersion, eventId, edgeId, sequence, cameraId, capturedAtMs },
    mediaTimeMs: 1,
    historical: false,
    reason: '没有画面',
  };
  const alarm = alarmView({ event, ruleName: 'camera-offline' });
  expect(alarmText(alarm, zh)).toBe('摄像机离线 没有画面');
});

it('names the day only when it is another one', () => {
  const noon = Date.parse('2026-11-23T12:00:05+08:00');
  expect(momentText(noon, noon + 3_600_000)).toBe('12:00:05');
  expect(momentText(noon, noon + 24 * 3_600_000)).toBe('11-23 12:00:05');
});

it("takes what was chosen from the browser's calendar for a time of the centre", () => {
  const chosen = new Date(2026, 10, 23, 12, 0, 5);
  expect(new Date(inCentreZone(chosen)).toISOString()).toBe('2026-11-23T04:00:05.000Z');
  expect(zoneText(chosen.getTime())).toBe('UTC+8');
});
