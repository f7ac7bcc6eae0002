/** Burns into a picture who took it out of the centre, when, and of which alarm: across it, and readable at its foot. */
import sharp from 'sharp';
import { type FontLetters, fontLetters } from './font-letters.ts';
import { cutTo, drawable, lineHeight, lineOf, lineWidth } from './pixel-text.ts';

export type Mark = Readonly<{
  by: string;
  atMs: number;
  reason: string;
  alarmId: string;
  centre: string;
}>;

/** In squares; in full it stands in the manifest. */
const widestReason = 450;

/** Rejects when the bytes are no picture. */
export async function watermarked(jpeg: Uint8Array, mark: Mark): Promise<Buffer> {
  const { width, height } = await sharp(jpeg).metadata();
  const svg = watermarkSvg(mark, width, height, await fontLetters());
  return sharp(jpeg)
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** What is laid over the picture: who, when and why; with the letters that a font can draw beside the centre's own. */
export function watermarkSvg(
  mark: Mark,
  width: number,
  height: number,
  byFont: FontLetters,
): string {
  const { by, atMs, reason, alarmId, centre } = mark;
  const time = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
  const who = drawable(`${by} ${time} UTC`, byFont);
  const lines = [
    who,
    cutTo(drawable(reason, byFont), widestReason),
    ...[`ALARM ${alarmId}`, `CENTRE ${centre}`].map((line) => drawable(line, byFont)),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `${diagonals(who, width, height)}${foot(lines, width, height)}</svg>`
  );
}

/** Across the whole picture, so that no part can be cut out without it; weak enough to see through. */
function diagonals(text: string, width: number, height: number): string {
  const twice = `${text}   ${text}`;
  const line = lineOf(twice);
  const reach = Math.hypot(width, height);
  const scale = reach / lineWidth(twice);
  const pitch = Math.max(4 * lineHeight * scale, height / 4);
  const count = Math.ceil(reach / pitch);
  const across = Array.from({ length: count + 1 }, (_, nth) => {
    const y = (nth - count / 2) * pitch;
    return `<g transform="translate(${-reach / 2} ${y}) scale(${scale})">${line}</g>`;
  });
  return (
    `<g transform="translate(${width / 2} ${height / 2}) rotate(-25)" fill="#fff" fill-opacity=".3" ` +
    `stroke="#000" stroke-opacity=".25" stroke-width=".2">${across.join('')}</g>`
  );
}

function foot(lines: readonly string[], width: number, height: number): string {
  const widest = Math.max(...lines.map(lineWidth));
  const scale = Math.min(2, (width * 0.96) / widest);
  const pitch = lineHeight * scale;
  const band = lines.length * pitch + 2 * scale;
  const texts = lines.map((line, nth) => {
    const y = height - band + 2 * scale + nth * pitch;
    return `<g transform="translate(${2 * scale} ${y}) scale(${scale})">${lineOf(line)}</g>`;
  });
  return (
    `<rect x="0" y="${height - band}" width="${(widest + 3) * scale}" height="${band}" fill="#000" fill-opacity=".7"/>` +
    `<g fill="#fff">${texts.join('')}</g>`
  );
}
