/** The line about the time in which a camera was blind. */
import { expect, it } from 'vitest';
import type { BlindEntry } from '../../contract/blind-time.ts';
import { rulesEn } from '../i18n/rules-en.ts';
import { rulesZh } from '../i18n/rules-zh.ts';
import { blindText } from './blind-text.ts';

const entry = (reason: BlindEntry['reason'], seconds: number, ruleId?: string): BlindEntry => ({
  ...{ cameraId: 'gate', day: '2026-11-24', reason, seconds },
  ...(ruleId === undefined ? {} : { ruleId }),
});

it('tells the sum and its reasons, and counts what hit camera and rules alike once', () => {
  const entries = [
    entry('offline', 120),
    entry('offline', 120, 'wire'),
    entry('offline', 120, 'zone'),
    entry('rate', 60, 'wire'),
    entry('rate', 20, 'zone'),
  ];
  expect(blindText(entries, rulesEn.blind)).toBe(
    'Blind today: 3 min (offline 2 min, too few pictures 1 min)',
  );
  expect(blindText(entries, rulesZh.blind)).toBe('今日失明 3 分钟 (离线 2 分钟, 帧率不足 1 分钟)');
});

it('says nothing of a day without blind time, and tells seconds of less than a minute', () => {
  expect(blindText([entry('offline', 0)], rulesEn.blind)).toBeUndefined();
  expect(blindText([entry('starting', 7)], rulesEn.blind)).toBe('Blind today: 7 s (starting 7 s)');
});
