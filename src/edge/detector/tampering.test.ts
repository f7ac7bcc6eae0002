/** Real footage, meddled with by ffmpeg: what was done to the camera is named, and the weather is not. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { lumaGrid } from './luma-grid.ts';
import { pictureDetail } from './picture-detail.ts';
import { createTamperingWatch } from './tampering.ts';

const clip = 'test-fixtures/clips/town-square.mp4';
const [width, height] = [384, 288];
const folder = mkdtempSync(join(tmpdir(), 'tampering-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the watch says of 70 seconds of the clip, one picture a second, changed by the filter; with the time in seconds. */
async function watched(
  filter: string,
  comes: (second: number) => boolean = () => true,
): Promise<readonly (readonly [string, number])[]> {
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', clip, '-vf', `fps=1,scale=${width}:${height},${filter}`, '-t', '70'],
      ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 300_000_000 },
  );
  const watch = createTamperingWatch();
  const told: (readonly [string, number])[] = [];
  for (let second = 0; (second + 1) * width * height * 3 <= stdout.length; second += 1) {
    if (!comes(second)) continue;
    const pixels = stdout.subarray(second * width * height * 3, (second + 1) * width * height * 3);
    const frame = { width, height, pixels };
    const what = watch.observe(pictureDetail(frame, lumaGrid(frame)), second * 1000);
    if (what !== undefined) told.push([what, second]);
  }
  return told;
}

const from40 = "enable='gte(t,40)'";

describe('the watch over a camera', () => {
  test.each([
    ['a hand or a bag over the lens', 'covered', `drawbox=c=0x303030:t=fill:${from40}`],
    [
      'paint over most of it',
      'covered',
      `drawbox=w=iw*0.92:c=0x606060:t=fill:${from40},gblur=sigma=6:${from40}`,
    ],
    ['a lens turned out of focus', 'defocused', `gblur=sigma=2.5:${from40}`],
  ])('names %s', async (_what, expected, filter) => {
    const told = await watched(filter);
    expect(told.map(([what]) => what)).toEqual([expected]);
    expect(told[0]?.[1]).toBeGreaterThanOrEqual(47);
    expect(told[0]?.[1]).toBeLessThanOrEqual(52);
  });

  test('takes two spoilt pictures of a stream that hardly comes for no evidence', async () => {
    const covered = `drawbox=c=0x303030:t=fill:${from40}`;
    const told = await watched(covered, (second) => second < 40 || second % 10 === 5);
    expect(told).toEqual([]);
  });

  test('names a camera that was turned away', async () => {
    const turned = `split[a][b];[b]hflip,vflip[c];[a][c]overlay=${from40}`;
    expect((await watched(turned)).map(([what]) => what)).toEqual(['turned']);
  });

  test('names a picture that is too dark to see anything', async () => {
    const dark = `lutyuv=y=16+(val-16)*0.02:u=128+(val-128)*0.02:v=128+(val-128)*0.02:${from40}`;
    expect((await watched(dark)).map(([what]) => what)).toEqual(['too-dark']);
  });

  test.each([
    ['people who walk about', 'null'],
    [
      'nightfall within half a minute, down to a fifth of the light',
      "lutyuv=y=val,eq=brightness=0:contrast=1,geq=lum='16+(lum(X,Y)-16)*max(0.2,1-T/40)':cb='cb(X,Y)':cr='cr(X,Y)'",
    ],
    [
      'a lamp that is switched on',
      "geq=lum='min(235,lum(X,Y)+if(gte(T,40),90*exp(-((X-200)*(X-200)+(Y-150)*(Y-150))/10000),0))':cb='cb(X,Y)':cr='cr(X,Y)'",
    ],
    ['a brighter picture at once', `eq=brightness=0.2:${from40}`],
    ['noise at night', `noise=alls=18:allf=t:${from40}`],
    [
      'a truck that stands before a third of it for twenty seconds',
      "drawbox=x=0:w=iw/3:c=white:t=fill:enable='between(t,35,55)'",
    ],
  ])('says nothing of %s', async (_what, filter) => {
    expect(await watched(filter)).toEqual([]);
  });

  test('names a frozen picture once, and again only after it has moved', () => {
    const frame = {
      width: 64,
      height: 64,
      pixels: new Uint8Array(64 * 64 * 3).map((_, at) => (at * 37) % 251),
    };
    const still = pictureDetail(frame, lumaGrid(frame));
    const moved = { ...still, fingerprint: still.fingerprint + 1 };
    const watch = createTamperingWatch();
    const told: (readonly [string, number])[] = [];
    for (let second = 0; second < 300; second += 1) {
      const what = watch.observe(second === 150 ? moved : still, second * 1000);
      if (what !== undefined) told.push([what, second]);
    }
    expect(told).toEqual([
      ['frozen', 60],
      ['frozen', 211],
    ]);
  });
});
