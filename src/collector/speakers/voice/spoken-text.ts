/**
 * Writes a text as it is to be read aloud. espeak-ng reads every number as a quantity; in Chinese, hotlines,
 * telephone numbers, rooms, bus lines and years are read digit by digit, and 1 in a number to dial is 幺.
 */

type Rewriting = readonly [pattern: RegExp, read: (match: string, ...groups: string[]) => string];

const plainDigits = '零一二三四五六七八九';
const dialledDigits = '零幺二三四五六七八九';

/** What follows a number that counts something: 120 in 120元 is money, no ambulance. */
const counted =
  '(?:元|块|角|米|公里|千米|厘米|毫米|人|个|位|名|次|分|秒|小时|天|周|月|日|度|岁|辆|条|层|斤|公斤|千克|吨|平方|立方|只|件|台|万|亿|倍|多|余|[.％%:：])';

const chinese: readonly Rewriting[] = [
  [/(\d{1,2})[:：]([0-5]\d)(?!\d)/g, (_, hour, minute) => clock(hour ?? '', minute ?? '')],
  [/(\d+(?:\.\d+)?)[%％]/g, (_, number) => `百分之${number}`],
  [/(\d{4})(?=年)/g, (year) => digits(year, plainDigits)],
  // Telephone numbers, with or without hyphens.
  [/\d{3,4}-\d{7,8}|\d{3}-\d{4}-\d{4}|(?<![\d.])\d{7,}(?!\.\d)/g, dial],
  [/(?<![\d.])\d{3,}(?=室|房|号房|路(?:公交|车)|号线)/g, dial],
  // Number plates and labels of things: 京A12345, B203.
  [/(?<=[A-Za-z])\d{3,}/g, dial],
  // Hotlines: 110, 119, 120, 122, 12345, 96110, 95598 and their like.
  [
    new RegExp(
      `(?<![\\d.])(?:11[0-9]|12[0-9]|12\\d{3}|9[56]\\d{3,4}|100\\d{2})(?!\\d|${counted})`,
      'g',
    ),
    dial,
  ],
  [/(\d)\s*[-–~～—]\s*(?=\d)/g, (_, before) => `${before}到`],
];

const english: readonly Rewriting[] = [
  [
    /(?<![\d.])(?:110|119|120|122|112|911|999)(?!\d|[.,:]\d|%|\s*(?:m|km|metres|meters|people|yuan|minutes|seconds|hours)\b)/g,
    (number) => [...number].join(' '),
  ],
  [/(?<![\d.])\d{7,}(?!\.\d)/g, (number) => [...number].join(' ')],
];

export function spokenText(text: string, language: 'zh-CN' | 'en'): string {
  const rewritings = language === 'zh-CN' ? chinese : english;
  return rewritings.reduce(
    (read, [pattern, rewrite]) => read.replace(pattern, rewrite),
    plain(text),
  );
}

/** One line without what a synthesiser takes for an order: control characters, markup, phonemes in [[ ]]. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[\p{Cc}\p{Cf}\s[\]<>{}|\\]+/gu, ' ')
    .trim();
}

function dial(number: string): string {
  return digits(number, dialledDigits);
}

function digits(number: string, names: string): string {
  return [...number].map((digit) => (digit === '-' ? '，' : names[Number(digit)])).join('');
}

function clock(hour: string, minute: string): string {
  const spokenHour = `${Number(hour)}点`;
  if (minute === '00') return `${spokenHour}整`;
  return `${spokenHour}${minute.startsWith('0') ? `零${Number(minute)}` : minute}分`;
}
