/** Reasons of cameras, boxes and speakers in the language of the duty room. */
import { expect, it } from 'vitest';
import { because, joinParts, type ReasonCode, reasonSentences } from '../../contract/reason.ts';
import { en } from './en.ts';
import { reasonText } from './reason-text.ts';
import { zh } from './zh.ts';

const codes = Object.keys(reasonSentences) as ReasonCode[];
const factsIn = (text: string): readonly string[] => text.match(/\{[a-zA-Z0-9]+\}/g) ?? [];

it.each(codes)('has %s in both languages, with no fact that its sentence has not', (code) => {
  expect(zh.reasons[code]).toMatch(/\p{Script=Han}|^\{|：\{what\}$/u);
  expect(en.reasons[code]).toMatch(/[a-z]/);
  for (const fact of factsIn(zh.reasons[code])) expect(factsIn(en.reasons[code])).toContain(fact);
});

it('has no text whose code is gone', () => {
  expect(Object.keys(zh.reasons)).toEqual(codes);
  expect(Object.keys(en.reasons)).toEqual(codes);
});

const place = 'rtsp://10.0.7.21:554/ch1';

it.each([
  [
    because('camera-silent', { cameraId: 'lane-east', place, seconds: 8 }),
    `${place} 已 8 秒没有画面，请检查摄像机及其网络`,
  ],
  [
    because('camera-address', { cameraId: 'lane-east', place, what: because('address-busy') }),
    `地址 ${place} 正忙，请在摄像机上允许更多观看者`,
  ],
  [
    because('speaker-not-registered', {
      what: because('speaker-busy', { place: '10.0.7.9:5060', said: '486 Busy Here' }),
    }),
    '没有注册上：音柱 10.0.7.9:5060 正忙（486 Busy Here）',
  ],
  [
    because('zone-partly-silent', {
      silent: 2,
      all: 3,
      parts: joinParts([
        { name: '东口', why: because('quiet-hours') },
        { name: '西口', why: 'busy' },
      ]),
    }),
    '3 个音柱中有 2 个没有喊出：东口: 音柱在静音时段 · 西口: 音柱占线',
  ],
  [joinParts([{ name: '东口', why: because('not-sip') }]), '东口: 设备不是 SIP 设备'],
])('says %j in Chinese', (sentence, chinese) => {
  expect(reasonText(sentence, zh)).toBe(chinese);
  expect(reasonText(sentence, en)).not.toMatch(/音柱|地址/);
});

it.each(['the lamp is on fire', '一切正常', 'name: something else'])(
  'leaves %j, which stands in no list, as it came',
  (sentence) => {
    expect(reasonText(sentence, zh)).toBe(sentence);
    expect(reasonText(sentence, en)).toBe(sentence);
  },
);
