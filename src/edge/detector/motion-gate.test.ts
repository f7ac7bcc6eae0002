/** What moves is found and what only flickers is not, on pictures made from noise, light and people-sized blocks. */
import { describe, expect, test } from 'vitest';
import { type LumaGrid, lumaGrid } from './luma-grid.ts';
import { createMotionGate, type Motion } from './motion-gate.ts';

const columns = 160;
const rows = 90;
const stepMs = 200;

/** A repeatable generator (mulberry32), so that the noise is the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `change` answers what is added to the cell at the given moment, in levels. */
type Change = (x: number, y: number, atMs: number) => number;

/** Plays a textured lane with noise for some seconds; answers what the gate said of each frame. */
function play(
  gate: ReturnType<typeof createMotionGate>,
  fromMs: number,
  toMs: number,
  change: Change = () => 0,
  settings: Readonly<{ noise?: number; light?: (atMs: number) => number }> = {},
): readonly Motion[] {
  const random = createRandom(fromMs + 1);
  const { noise = 2, light = () => 1 } = settings;
  const said: Motion[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += stepMs) {
    const cells = new Float32Array(columns * rows);
    for (let at = 0; at < cells.length; at += 1) {
      const x = at % columns;
      const y = Math.floor(at / columns);
      const texture = 60 + ((x * 7 + y * 13) % 90);
      cells[at] = texture * light(atMs) + (random() - 0.5) * 2 * noise + change(x, y, atMs);
    }
    said.push(gate.observe({ columns, rows, cells } satisfies LumaGrid, atMs));
  }
  return said;
}

const movingShare = (said: readonly Motion[]): number =>
  said.filter(({ isMoving }) => isMoving).length / said.length;

/** A block of cells that walks to the right, `speed` cells a second. */
const walker =
  (width: number, height: number, speed: number, fromMs: number, levels = 40): Change =>
  (x, y, atMs) => {
    const left = 20 + ((atMs - fromMs) / 1000) * speed;
    return x >= left && x < left + width && y >= 40 && y < 40 + height ? levels : 0;
  };

describe('the motion gate', () => {
  test('looks at everything until it knows the scene, then keeps quiet over a noisy empty lane', () => {
    const gate = createMotionGate();
    expect(movingShare(play(gate, 0, 2000))).toBe(1);
    expect(movingShare(play(gate, 2000, 120_000))).toBeLessThan(0.01);
  });

  test.each([
    ['a person near by', 6, 18, 8],
    ['a person far away, two cells tall', 1, 2, 2],
    ['somebody who creeps', 4, 10, 0.5],
    ['somebody in grey before grey', 4, 10, 6, 12],
  ])('sees %s', (_who, width, height, speed, levels = 40) => {
    const gate = createMotionGate();
    play(gate, 0, 20_000);
    const said = play(gate, 20_000, 30_000, walker(width, height, speed, 20_000, levels));
    expect(movingShare(said)).toBeGreaterThan(0.98);
  });

  test('says where it moves', () => {
    const gate = createMotionGate();
    play(gate, 0, 20_000);
    const [box] = play(gate, 20_000, 20_200, walker(8, 20, 0, 20_000))[0]?.regions ?? [];
    expect(box?.left).toBeCloseTo(20 / columns, 1);
    expect(box?.right).toBeCloseTo(28 / columns, 1);
    expect(box?.top).toBeCloseTo(40 / rows, 1);
    expect(box?.bottom).toBeCloseTo(60 / rows, 1);
  });

  test('goes on saying so for seconds after a walker has stopped, and takes it for scene in the end', () => {
    const gate = createMotionGate();
    play(gate, 0, 20_000);
    const standing = walker(4, 10, 0, 20_000);
    expect(movingShare(play(gate, 20_000, 30_000, standing))).toBe(1);
    play(gate, 30_000, 200_000, standing);
    expect(movingShare(play(gate, 200_000, 220_000, standing))).toBe(0);
  });

  test('is not fooled by a cloud: the light changes by a third within ten seconds', () => {
    const gate = createMotionGate();
    play(gate, 0, 20_000);
    const light = (atMs: number): number => 1 + 0.33 * Math.sin((atMs - 20_000) / 6000);
    expect(movingShare(play(gate, 20_000, 80_000, () => 0, { light }))).toBeLessThan(0.05);
  });

  test('sees a walker while the light changes', () => {
    const gate = createMotionGate();
    play(gate, 0, 20_000);
    const light = (atMs: number): number => 1 + 0.2 * Math.sin((atMs - 20_000) / 6000);
    const said = play(gate, 20_000, 35_000, walker(5, 14, 6, 20_000), { light });
    expect(movingShare(said)).toBeGreaterThan(0.98);
  });

  test('learns a lamp that was switched on, within two minutes', () => {
    const gate = createMotionGate();
    play(gate, 0, 20_000);
    const lamp: Change = (x, y) => (Math.hypot(x - 80, y - 45) < 25 ? 50 : 0);
    expect(play(gate, 20_000, 20_200, lamp)[0]?.isMoving).toBe(true);
    play(gate, 20_200, 140_000, lamp);
    expect(movingShare(play(gate, 140_000, 150_000, lamp))).toBe(0);
  });

  test('learns a new scene at once when everything has changed', () => {
    const gate = createMotionGate();
    play(gate, 0, 20_000);
    const turned: Change = (x, y) => ((x * 11 + y * 5) % 90) - ((x * 7 + y * 13) % 90);
    play(gate, 20_000, 30_000, turned);
    expect(movingShare(play(gate, 30_000, 40_000, turned))).toBe(0);
  });

  test('gets used to a swaying tree, and still sees who walks in front of it', () => {
    const gate = createMotionGate();
    const tree: Change = (x, y, atMs) =>
      x > 100 && x < 140 && y < 50 ? 14 * Math.sin(atMs / 700 + x * 1.7 + y * 2.3) : 0;
    play(gate, 0, 90_000, tree);
    expect(movingShare(play(gate, 90_000, 120_000, tree))).toBeLessThan(0.1);
    const passing: Change = (x, y, atMs) =>
      tree(x, y, atMs) + (x >= 110 && x < 116 && y >= 25 && y < 45 ? 70 : 0);
    expect(movingShare(play(gate, 120_000, 122_000, passing))).toBe(1);
  });
});

test('the grid is the mean of the green channel over cells of the same size', () => {
  const [width, height] = [640, 360];
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at += 1) {
    pixels.set([255, at % width < 320 ? 40 : 200, 9], at * 3);
  }
  const grid = lumaGrid({ width, height, pixels });
  expect([grid.columns, grid.rows]).toEqual([160, 90]);
  expect(grid.cells[79]).toBe(40);
  expect(grid.cells[80]).toBe(200);
  expect(grid.cells.at(-1)).toBe(200);
});

test('the memory of a grid that nobody needs is used again, and nothing of it shows', () => {
  const random = createRandom(5);
  const pictures = [768, 300, 150].map((width) => ({
    width,
    height: 120,
    pixels: Uint8Array.from({ length: width * 120 * 3 }, () => Math.floor(random() * 256)),
  }));
  for (const picture of pictures) {
    const fresh = lumaGrid(picture);
    const old = { ...fresh, cells: new Float32Array(fresh.cells.length).fill(99) };
    const again = lumaGrid(picture, old);
    expect(again.cells).toBe(old.cells);
    expect([...again.cells]).toEqual([...fresh.cells]);
    expect(lumaGrid(picture, { columns: 1, rows: 1, cells: new Float32Array(1) })).toEqual(fresh);
  }
});
