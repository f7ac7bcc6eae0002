/**
 * Where everything stands on the map, in pixels of the stage. Pure. Without given places grids, communities and lanes are
 * laid out as nested tiles: a lane is a street with its cameras in a row. With given places the plan says it; what has none
 * stands in a row below.
 */
import type { CameraView, SpeakerView } from '../../contract/console-api.ts';
import type { MapView } from '../../contract/map-view.ts';
import { type Area, tileAreas } from './tile-areas.ts';

type Spot = Readonly<{ x: number; y: number }>;
type NamedArea = Area & Readonly<{ kind: 'grid' | 'community'; name: string }>;
type Street = Readonly<{ name: string; points: readonly Spot[] }>;

export type MapLayout = Readonly<{
  areas: readonly NamedArea[];
  streets: readonly Street[];
  cameras: ReadonlyMap<string, Spot>;
  speakers: ReadonlyMap<string, Spot>;
  /** The plan's own rectangle. */
  plan: Area;
}>;

export type Mapped = Readonly<{
  cameras: readonly CameraView[];
  speakers: readonly SpeakerView[];
  map: MapView;
  /** Of the plan, when it is known. */
  aspectRatio?: number;
}>;
type Size = Readonly<{ width: number; height: number }>;

const margin = 14;
const gap = 14;
const headHeight = 30;
const trayHeight = 84;
/** The least room for a camera in a street. */
const cameraWidth = 64;
/** Width over height. */
const areaShape = 1.4;
const streetShape = 2;
const besideCamera: Spot = { x: 25, y: -13 };

export function layOutMap(mapped: Mapped, stage: Size): MapLayout {
  const { map } = mapped;
  const isGiven = map.hasPicture || map.cameras.length + map.speakers.length > 0;
  const whole: Area = { left: 0, top: 0, ...stage };
  return withSpeakers(isGiven ? given(mapped, stage) : automatic(mapped, inside(whole, margin)), {
    ...mapped,
    stage,
  });
}

type Bare = Omit<MapLayout, 'speakers'>;

function automatic({ cameras, speakers }: Mapped, whole: Area): Bare {
  const hasTray = speakers.some((speaker) => isAlone(speaker, cameras));
  const plan = hasTray ? { ...whole, height: whole.height - trayHeight } : whole;
  const areas: NamedArea[] = [];
  const streets: Street[] = [];
  const spots = new Map<string, Spot>();
  const grids = [...groupsOf(cameras, ({ grid }) => grid)];
  const gridTiles = tileAreas(
    grids.map(([, within]) => weightOf(within)),
    plan,
    gap,
    areaShape,
  );
  for (const [index, [grid, within]] of grids.entries()) {
    const tile = gridTiles[index] ?? plan;
    areas.push({ ...tile, kind: 'grid', name: grid });
    const communities = [...groupsOf(within, ({ community }) => community)];
    const inner = inside(tile, 10, grid === '' ? 0 : headHeight);
    const tiles = tileAreas(
      communities.map(([, some]) => weightOf(some)),
      inner,
      10,
      areaShape,
    );
    for (const [at, [community, some]] of communities.entries()) {
      const area = tiles[at] ?? inner;
      areas.push({ ...area, kind: 'community', name: community });
      placeStreets(some, inside(area, 8, community === '' ? 0 : 22), streets, spots);
    }
  }
  return { areas, streets, cameras: spots, plan };
}

/** Names take room too. */
const weightOf = (cameras: readonly CameraView[]): number => cameras.length + 1;

function placeStreets(
  cameras: readonly CameraView[],
  area: Area,
  streets: Street[],
  spots: Map<string, Spot>,
): void {
  const lanes = [...groupsOf(cameras, ({ lane }) => lane)];
  const tiles = tileAreas(
    lanes.map(([, some]) => weightOf(some)),
    area,
    12,
    streetShape,
  );
  for (const [index, [name, some]] of lanes.entries())
    placeStreet(name, some, tiles[index] ?? area, streets, spots);
}

/** A lane with many cameras goes back and forth. */
function placeStreet(
  name: string,
  cameras: readonly CameraView[],
  { left, top, width, height }: Area,
  streets: Street[],
  spots: Map<string, Spot>,
): void {
  const perRow = Math.max(1, Math.floor(width / cameraWidth));
  const rows = Math.ceil(cameras.length / perRow);
  for (let row = 0; row < rows; row += 1) {
    const some = cameras.slice(row * perRow, (row + 1) * perRow);
    const y = top + (height / rows) * (row + 0.64);
    const ends = [left + 8, left + width - 8].map((x) => ({ x, y }));
    streets.push({ name: row === 0 ? name : '', points: ends });
    for (const [at, { cameraId }] of some.entries())
      spots.set(cameraId, { x: left + (width / some.length) * (at + 0.5), y });
  }
}

function given({ cameras, speakers, map, aspectRatio }: Mapped, stage: Size): Bare {
  const at = new Map(map.cameras.map((one) => [one.cameraId, one.at]));
  const unplaced = cameras.filter(({ cameraId }) => !at.has(cameraId));
  const isPlaced = (id: string): boolean => map.speakers.some(({ speakerId }) => speakerId === id);
  const hasTray =
    unplaced.length > 0 ||
    speakers.some((one) => isAlone(one, cameras) && !isPlaced(one.speakerId));
  const room = { ...stage, height: stage.height - (hasTray ? trayHeight : 0) };
  const plan = fitted(aspectRatio ?? room.width / room.height, room);
  const spots = new Map<string, Spot>();
  for (const { cameraId } of cameras) {
    const place = at.get(cameraId);
    if (place !== undefined) spots.set(cameraId, onPlan(place, plan));
  }
  for (const [index, { cameraId }] of unplaced.entries())
    spots.set(cameraId, inTray(index, unplaced.length, stage, 0.45));
  const placed = cameras.filter(({ cameraId }) => at.has(cameraId));
  return {
    plan,
    cameras: spots,
    areas: map.hasPicture ? [] : [...groupsOf(placed, placeName)].map(around(spots, plan)),
    streets: [...groupsOf(placed, ({ lane }) => lane)].flatMap(([name, some]) =>
      name === '' ? [] : [streetOf(name, some, spots)],
    ),
  };
}

const placeName = ({ community, grid }: CameraView): string | undefined => community ?? grid;

function withSpeakers(
  bare: Bare,
  { cameras, speakers, map, stage }: Mapped & Readonly<{ stage: Size }>,
): MapLayout {
  const at = new Map(map.speakers.map((one) => [one.speakerId, one.at]));
  const single = speakers.filter(({ driver }) => driver !== 'zone');
  const alone = single.filter((one) => isAlone(one, cameras) && !at.has(one.speakerId));
  const spots = single.map(({ speakerId }): readonly [string, Spot] => {
    const place = at.get(speakerId);
    const camera = cameras.find((one) => one.speakerId === speakerId);
    const beside = camera === undefined ? undefined : bare.cameras.get(camera.cameraId);
    if (place !== undefined) return [speakerId, onPlan(place, bare.plan)];
    if (beside !== undefined)
      return [speakerId, { x: beside.x + besideCamera.x, y: beside.y + besideCamera.y }];
    const index = alone.findIndex((one) => one.speakerId === speakerId);
    return [speakerId, inTray(index, alone.length, stage, 0.85)];
  });
  return { ...bare, speakers: new Map(spots) };
}

const isAlone = ({ speakerId, driver }: SpeakerView, cameras: readonly CameraView[]): boolean =>
  driver !== 'zone' && cameras.every((one) => one.speakerId !== speakerId);

/** In the order of the names, those without one last. */
function groupsOf(
  cameras: readonly CameraView[],
  nameOf: (camera: CameraView) => string | undefined,
): ReadonlyMap<string, readonly CameraView[]> {
  const groups = new Map<string, readonly CameraView[]>();
  for (const camera of cameras) {
    const name = nameOf(camera) ?? '';
    groups.set(name, [...(groups.get(name) ?? []), camera]);
  }
  const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
    Number(a === '') - Number(b === '') || a.localeCompare(b, 'zh-CN', { numeric: true });
  return new Map([...groups].sort(byName));
}

/** Its cameras joined along the way that it runs. */
function streetOf(
  name: string,
  cameras: readonly CameraView[],
  spots: ReadonlyMap<string, Spot>,
): Street {
  const points = cameras.flatMap(({ cameraId }) => spots.get(cameraId) ?? []);
  const span = (of: (spot: Spot) => number): number =>
    Math.max(...points.map(of)) - Math.min(...points.map(of));
  const isAcross = span(({ x }) => x) >= span(({ y }) => y);
  return { name, points: points.toSorted((a, b) => (isAcross ? a.x - b.x : a.y - b.y)) };
}

const around =
  (spots: ReadonlyMap<string, Spot>, plan: Area) =>
  ([name, cameras]: readonly [string, readonly CameraView[]]): NamedArea => {
    const points = cameras.flatMap(({ cameraId }) => spots.get(cameraId) ?? []);
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const left = Math.max(plan.left, Math.min(...xs) - 60);
    const top = Math.max(plan.top, Math.min(...ys) - 64);
    const right = Math.min(plan.left + plan.width, Math.max(...xs) + 60);
    const bottom = Math.min(plan.top + plan.height, Math.max(...ys) + 50);
    return { kind: 'community', name, left, top, width: right - left, height: bottom - top };
  };

function onPlan([x, y]: readonly [number, number], { left, top, width, height }: Area): Spot {
  return { x: left + x * width, y: top + y * height };
}

function inTray(index: number, count: number, { width, height }: Size, share: number): Spot {
  const step = Math.min(cameraWidth * 1.3, (width - 2 * margin) / Math.max(1, count));
  return { x: margin + step * (index + 0.5), y: height - trayHeight * (1 - share) };
}

function inside({ left, top, width, height }: Area, border: number, head = 0): Area {
  return {
    left: left + border,
    top: top + border + head,
    width: Math.max(1, width - 2 * border),
    height: Math.max(1, height - 2 * border - head),
  };
}

/** The largest of the shape, in the middle. */
function fitted(aspectRatio: number, room: Size): Area {
  const width = Math.min(room.width, room.height * aspectRatio);
  const height = width / aspectRatio;
  return { left: (room.width - width) / 2, top: (room.height - height) / 2, width, height };
}
