import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spokenText } from './spoken-text.ts';

describe('a Chinese text is read as people say it', () => {
  test.each([
    ['a police call', '请拨打110。', '请拨打幺幺零。'],
    ['a fire call', '火警119', '火警幺幺九'],
    ['an ambulance', '拨打120急救电话', '拨打幺二零急救电话'],
    ['a city hotline', '请拨12345', '请拨幺二三四五'],
    ['the full-width form', '请拨打１１０', '请拨打幺幺零'],
    ['a mobile telephone', '电话13800138000', '电话幺三八零零幺三八零零零'],
    ['a telephone with its area', '电话010-62345678', '电话零幺零，六二三四五六七八'],
    ['money, which is counted', '罚款120元', '罚款120元'],
    ['a length, which is counted', '前方110米', '前方110米'],
    ['people, who are counted', '已有120人', '已有120人'],
    ['a number that only contains a hotline', '共1100票', '共1100票'],
    ['a room', '13号楼1203室', '13号楼幺二零三室'],
    ['a building', '3号楼5单元', '3号楼5单元'],
    ['a number plate', '京A12345请移车', '京A幺二三四五请移车'],
    ['a year', '2026年11月3日', '二零二六年11月3日'],
    ['a time', '现在12:30', '现在12点30分'],
    ['a full hour', '晚上22:00以后', '晚上22点整以后'],
    ['a time with a small minute', '上午8:05', '上午8点零5分'],
    ['a part of a hundred', '湿度80%', '湿度百分之80'],
    ['a range', '请于8-10点让行', '请于8到10点让行'],
    ['plain words', '请立即离开，您已进入警戒区域', '请立即离开，您已进入警戒区域'],
  ])('%s', (_what, written, spoken) => {
    expect(spokenText(written, 'zh-CN')).toBe(spoken);
  });
});

describe('an English text is read as people say it', () => {
  test.each([
    ['a call', 'Call 110 now', 'Call 1 1 0 now'],
    ['a call at the end of a sentence', 'Call 119.', 'Call 1 1 9.'],
    ['a distance', 'In 110 metres turn left', 'In 110 metres turn left'],
    ['a telephone', 'Phone 62345678', 'Phone 6 2 3 4 5 6 7 8'],
  ])('%s', (_what, written, spoken) => {
    expect(spokenText(written, 'en')).toBe(spoken);
  });
});

test('nothing that a synthesiser takes for an order is left', () => {
  expect(spokenText('离开[[h@l\'oU]]\n<break time="9s"/>\u0007', 'zh-CN')).toBe(
    '离开 h@l\'oU break time="9s"/',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('zh-CN', 'en'), (text, language) => {
      expect(spokenText(text, language)).not.toMatch(/[[\]<>{}|\\\p{Cc}]/u);
    }),
  );
});
