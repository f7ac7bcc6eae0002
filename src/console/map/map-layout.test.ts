/** Everything has its own place on the stage, whether the plan says it or not. */
import { describe, expect, it } from 'vitest';
import type { CameraView, SpeakerView } from '../../contract/console-api.ts';
import { layOutMap, type MapLayout } from './map-layout.ts';

const stage = { width: 1150, height: 900 };
const noPlan = { hasPicture: false, cameras: [], speakers: [] };

function camera(cameraId: string, place: Partial<CameraView> = {}): CameraView {
  return {
    ...{ cameraId, edgeId: 'edge-1', name: cameraId, state: 'live', stateSinceMs: 0 },
    ...{ analysedPerSecond: 5, savedRulesVersion: 0, appliedRulesVersion: 0, ...place },
  };
}

function speaker(speakerId: string, driver = 'rtp'): SpeakerView {
  return {
    ...{ speakerId, driver, name: speakerId, state: 'ready', stateSinceMs: 0, isOverdue: false },
    ...{ takesLive: true, speaking: 'nothing', waiting: 0 },
  };
}

/** 111 cameras in 66 lanes of 13 communities of 4 grids. */
const town = Array.from({ length: 111 }, (_, index) => {
  const lane = index % 66;
  const community = lane % 13;
  return camera(`cam-${index}`, {
    ...{ lane: `lane ${lane}`, community: `community ${community}`, grid: `grid ${community % 4}` },
    ...(index % 3 === 0 ? { speakerId: `horn-${index}` } : {}),
  });
});
const horns = town.flatMap(({ speakerId }) =>
  speakerId === undefined ? [] : [speaker(speakerId)],
);

function nearest({ cameras }: MapLayout): number {
  const spots = [...cameras.values()];
  return Math.min(
    ...spots.flatMap((a, index) =>
      spots.slice(index + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)),
    ),
  );
}

describe('a map without a plan', () => {
  const layout = layOutMap({ cameras: town, speakers: horns, map: noPlan }, stage);

  it('shows every camera and speaker of a town on one screen, and none on another', () => {
    expect([layout.cameras.size, layout.speakers.size]).toEqual([111, horns.length]);
    for (const { x, y } of [...layout.cameras.values(), ...layout.speakers.values()]) {
      expect(x > 0 && x < stage.width && y > 0 && y < stage.height).toBe(true);
    }
    expect(nearest(layout)).toBeGreaterThan(30);
  });

  it('keeps lanes within their community and communities within their grid', () => {
    for (const { cameraId, community = '', grid = '' } of town) {
      const spot = layout.cameras.get(cameraId) ?? { x: 0, y: 0 };
      for (const name of [community, grid]) {
        const area = layout.areas.find((one) => one.name === name);
        if (area === undefined) throw new Error(`${name} is not on the map`);
        expect(spot.x).toBeGreaterThan(area.left);
        expect(spot.x).toBeLessThan(area.left + area.width);
        expect(spot.y).toBeGreaterThan(area.top);
        expect(spot.y).toBeLessThan(area.top + area.height);
      }
    }
    expect(layout.streets.filter(({ name }) => name !== '')).toHaveLength(66);
  });

  it('shows a camera without a place, and a speaker without a camera; a zone is no thing that stands somewhere', () => {
    const speakers = [speaker('alone'), speaker('zone', 'zone')];
    const lonely = layOutMap({ cameras: [camera('cam-1')], speakers, map: noPlan }, stage);
    expect([...lonely.cameras.keys(), ...lonely.speakers.keys()]).toEqual(['cam-1', 'alone']);
  });
});

describe('a map with a plan', () => {
  const at = (x: number, y: number): [number, number] => [x, y];
  const map = {
    hasPicture: false,
    cameras: [
      { cameraId: 'cam-1', at: at(0, 0) },
      { cameraId: 'cam-2', at: at(1, 1) },
    ],
    speakers: [{ speakerId: 'horn-2', at: at(0.5, 0.5) }],
  };
  const cameras = [
    camera('cam-1', { speakerId: 'horn-1', lane: 'east' }),
    camera('cam-2', { lane: 'east' }),
  ];
  const speakers = [speaker('horn-1'), speaker('horn-2')];

  it('puts things where it says, in its own shape, and a speaker without a place beside its camera', () => {
    const layout = layOutMap({ cameras, speakers, map, aspectRatio: 2 }, stage);
    expect(layout.plan).toEqual({ left: 0, top: 162.5, width: 1150, height: 575 });
    expect(layout.cameras.get('cam-2')).toEqual({ x: 1150, y: 737.5 });
    expect(layout.speakers.get('horn-2')).toEqual({ x: 575, y: 450 });
    expect(layout.speakers.get('horn-1')).toEqual({ x: 25, y: 149.5 });
    expect(layout.streets).toEqual([{ name: 'east', points: [...layout.cameras.values()] }]);
  });

  it('keeps what it does not say apart from what it says', () => {
    const layout = layOutMap({ cameras: [...cameras, camera('cam-3')], speakers, map }, stage);
    const bottom = layout.plan.top + layout.plan.height;
    expect(layout.cameras.get('cam-3')?.y).toBeGreaterThan(bottom);
    expect(layout.cameras.get('cam-2')?.y).toBeLessThanOrEqual(bottom);
  });
});
