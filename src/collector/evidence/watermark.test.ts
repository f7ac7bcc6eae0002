/** What is burnt into an exported picture: Chinese as Chinese where a font has it, and never a word of SVG. */
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { fontLetters, noLetters, readCoverage } from './font-letters.ts';
import { cutTo, drawable, lineWidth } from './pixel-text.ts';
import { watermarkSvg } from './watermark.ts';

const mark = {
  by: '李明 li',
  atMs: Date.UTC(2026, 10, 24, 8),
  reason: '派出所调取，案件 7',
  alarmId: '01890000-0000-7000-8000-000000000001',
  centre: 'abcdef12',
};
const hasFont = existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc');

/** Where there is ink in the picture of one letter, as a row of 0 and 1 from top to bottom. */
async function inkRows(letter: string): Promise<readonly boolean[]> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/><g fill="#fff" font-family="sans-serif" font-size="36"><text x="2" y="32">${letter}</text></g></svg>`;
  const { data } = await sharp(Buffer.from(svg))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Array.from({ length: 40 }, (_, y) =>
    data.subarray(y * 40, y * 40 + 40).some((one) => one > 90),
  );
}

describe.skipIf(!hasFont)('on a machine with a Chinese font', () => {
  test('names and reasons are written in Chinese', async () => {
    const byFont = await fontLetters();
    const svg = watermarkSvg(mark, 768, 576, byFont);
    for (const letter of '李明派出所调取，案件') expect(svg).toContain(`>${letter}</text>`);
    expect(drawable(`${mark.by} ${mark.reason}`, byFont)).not.toContain('U+');
  });

  test('the letters are drawn and are no boxes', async () => {
    const [one, mouth] = [await inkRows('一'), await inkRows('口')];
    const tall = (rows: readonly boolean[]): number => rows.filter(Boolean).length;
    expect(tall(one)).toBeGreaterThan(0);
    expect(tall(one)).toBeLessThan(10);
    expect(tall(mouth)).toBeGreaterThan(20);
  });

  test('a picture bears other ink for another name', async () => {
    const byFont = await fontLetters();
    const drawn = async (by: string) =>
      sharp(Buffer.from(watermarkSvg({ ...mark, by }, 768, 576, byFont)))
        .raw()
        .toBuffer();
    const [li, wang] = [await drawn('李明'), await drawn('王明')];
    expect(li.equals(wang)).toBe(false);
    expect(li.equals(await drawn('李明'))).toBe(true);
  });
});

test('without a font a letter is told by its code point', () => {
  expect(drawable('李 li', noLetters)).toBe('U+674E LI');
  expect(watermarkSvg(mark, 768, 576, noLetters)).not.toContain('<text');
});

test('whatever is given as a name or a reason, the picture stays one: nothing of it is read as SVG', async () => {
  const byFont = await fontLetters();
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
      const told = {
        ...mark,
        by: text,
        reason: `${text}</text><image href="file:///etc/passwd"/>&x;`,
      };
      const svg = watermarkSvg(told, 320, 240, byFont);
      expect(svg).not.toMatch(/image|&|passwd/);
      expect(drawable(text, byFont)).not.toMatch(/[<>&"']/);
      const { width } = await sharp(Buffer.from(svg)).metadata();
      expect(width).toBe(320);
    }),
    { numRuns: 30 },
  );
});

test('a long reason is cut, at a letter and within its width', () => {
  const long = drawable('派出所'.repeat(40), (letter) => letter > '一');
  expect(cutTo(long, 450)).toMatch(/^(派|出|所)+\.\.\.$/);
  expect(lineWidth(cutTo(long, 450))).toBeLessThanOrEqual(450);
  expect(cutTo('SHORT', 450)).toBe('SHORT');
});

test('what fonts cover is read from their ranges', () => {
  const covered = readCoverage('20-7e 674e\n4e00-4e10');
  expect([0x674e, 0x4e05, 0x41].map(covered)).toEqual([true, true, true]);
  expect([0x674f, 0x4e11, 0x1f].map(covered)).toEqual([false, false, false]);
});
