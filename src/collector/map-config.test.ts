/** The plan as it is configured. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openCentre } from '../testing/centre.ts';
import { mapFault, readMapPlan } from './map-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'map-'));
const picture = join(folder, 'plan.PNG');
writeFileSync(picture, 'png');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cameras = [{ cameraId: 'cam-north', position: [400, 100] as const }, { cameraId: 'cam-2' }];
const speakers = [{ speakerId: 'horn-north', position: [800, 200] as const }];

describe('a plan', () => {
  test('in metres becomes fractions, with its shape; what has no place is not on it', () => {
    expect(readMapPlan({ map: { metres: [800, 200] }, cameras, speakers })).toEqual({
      view: {
        ...{ aspectRatio: 4, hasPicture: false },
        cameras: [{ cameraId: 'cam-north', at: [0.5, 0.5] }],
        speakers: [{ speakerId: 'horn-north', at: [1, 1] }],
      },
    });
    expect(readMapPlan({}).view).toEqual({ hasPicture: false, cameras: [], speakers: [] });
  });

  test.each([
    [{}, 'cameras/0/position: a position is a fraction from 0 to 1'],
    [{ map: { metres: [500, 150] as [number, number] } }, 'speakers/0/position: the plan is 500 m'],
  ])('does not reach as far as a place (%j)', (map, reason) => {
    expect(mapFault({ ...map, cameras, speakers })?.reason).toContain(reason);
  });

  test('without its picture does not start', () => {
    const map = { picture: join(folder, 'gone.png') };
    expect(() => readMapPlan({ map })).toThrow(/gone\.png cannot be read \(ENOENT\); correct/);
  });
});

test('the picture is served to who is signed in, as what it is', async () => {
  const map = readMapPlan({ map: { picture } });
  const centre = await openCentre({ dependencies: () => ({ map }) });
  const cookie = await centre.cookieOf(await centre.addUser('operator', { kind: 'all' }));
  const answer = await centre.ask('GET', '/api/map/picture', { cookie });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(await answer.text()).toBe('png');
  expect((await centre.ask('GET', '/api/map/picture')).status).toBe(401);
  await centre.close();
});
