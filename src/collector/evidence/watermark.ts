/** Burns into a picture who took it out of the centre, when, and of which alarm: across it, and readable at its foot. */
import sharp from 'sharp';
import { cellHeight, cellWidth, drawable, pixelPath } from './pixel-text.ts';

export type Mark = Readonly<{
  by: string;
  atMs: number;
  reason: string;
  alarmId: string;
  centre: string;
}>;

/** In full it stands in the manifest; a letter without a drawing takes six. */
const mostOfReason = 72;

/** Rejects when the bytes are no picture. */
export async function watermarked(jpeg: Uint8Array, mark: Mark): Promise<Buffer> {
  const { width, height } = await sharp(jpeg).metadata();
  const svg = watermarkSvg(mark, width, height);
  return sharp(jpeg)
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** What is laid over the picture: who, when and why. */
export function watermarkSvg(mark: Mark, width: number, height: number): string {
  const { by, atMs, reason, alarmId, centre } = mark;
  const time = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
  const lines = [
    drawable(`${by} ${time} UTC`),
    cutShort(drawable(reason)),
    ...[`ALARM ${alarmId}`, `CENTRE ${centre}`].map(drawable),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `${diagonals(lines[0] ?? '', width, height)}${foot(lines, width, height)}</svg>`
  );
}

function cutShort(reason: string): string {
  return reason.length <= mostOfReason ? reason : `${reason.slice(0, mostOfReason)}...`;
}

/** Across the whole picture, so that no part can be cut out without it; weak enough to see through. */
function diagonals(text: string, width: number, height: number): string {
  const path = pixelPath(`${text}   ${text}`);
  const reach = Math.hypot(width, height);
  const scale = reach / ((2 * text.length + 3) * cellWidth);
  const pitch = Math.max(5 * cellHeight * scale, height / 4);
  const count = Math.ceil(reach / pitch);
  const across = Array.from({ length: count + 1 }, (_, nth) => {
    const y = (nth - count / 2) * pitch;
    return `<path transform="translate(${-reach / 2} ${y}) scale(${scale})" d="${path}"/>`;
  });
  return (
    `<g transform="translate(${width / 2} ${height / 2}) rotate(-25)" fill="#fff" fill-opacity=".3" ` +
    `stroke="#000" stroke-opacity=".25" stroke-width=".2">${across.join('')}</g>`
  );
}

function foot(lines: readonly string[], width: number, height: number): string {
  const longest = Math.max(...lines.map((line) => line.length));
  const scale = Math.min(2, (width * 0.96) / (longest * cellWidth));
  const pitch = (cellHeight + 2) * scale;
  const band = lines.length * pitch + 2 * scale;
  const texts = lines.map(
    (line, nth) =>
      `<path transform="translate(${2 * scale} ${height - band + 2 * scale + nth * pitch}) scale(${scale})" d="${pixelPath(line)}"/>`,
  );
  return (
    `<rect x="0" y="${height - band}" width="${longest * cellWidth * scale + 3 * scale}" height="${band}" fill="#000" fill-opacity=".7"/>` +
    `<g fill="#fff">${texts.join('')}</g>`
  );
}
