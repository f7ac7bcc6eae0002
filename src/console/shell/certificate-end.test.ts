/** When it is said that a certificate runs out, in both languages. */
import { expect, test } from 'vitest';
import { en } from '../i18n/en.ts';
import { zh } from '../i18n/zh.ts';
import { certificateText } from './certificate-end.tsx';

const day = 86_400_000;
const now = 1_800_000_000_000;

test.each([
  [undefined, undefined, undefined],
  [14 * day, undefined, undefined],
  [14 * day - 1, '13 天', '13 days'],
  [day / 2, '0 天', '0 days'],
  [-1, '已过期', 'has run out'],
])('%s ms before its end', (left, chinese, english) => {
  const endsAtMs = left === undefined ? undefined : now + left;
  for (const [texts, words] of [
    [zh, chinese],
    [en, english],
  ] as const) {
    const text = certificateText(endsAtMs, now, texts);
    if (words === undefined) expect(text).toBeUndefined();
    else expect(text).toContain(words);
  }
});
