/**
 * Tells whether and where something moves in a camera's picture, so that the detector looks only then. Per cell of the
 * luma grid a running mean with its own deviation (after Stauffer and Grimson, CVPR 1999, with one Gaussian a cell): what
 * always flickers, like leaves, rain or noise at night, widens its own tolerance. A change of the light over the whole
 * picture is taken out first. Pure but for its memory; time comes with the frames, in milliseconds of media time.
 */
import type { Box } from '../../contract/shape.ts';
import type { LumaGrid } from './luma-grid.ts';

/** `regions` are fractions of the picture, one for each group of moving cells, the largest first. */
export type Motion = Readonly<{
  isMoving: boolean;
  regions: readonly Box[];
  /** The scene is new: what moves and what always looks like that cannot be told apart yet. */
  isLearning?: true;
}>;

export type MotionGate = Readonly<{
  /** Keeps no hold of the grid. */
  observe: (grid: LumaGrid, mediaTimeMs: number) => Motion;
}>;

/** The scene is learned within seconds; what stands still becomes scene in half a minute. */
const learnSeconds = 4;
const absorbSeconds = 30;
const deviationSeconds = 15;
/** Compression shifts a still cell by a few levels; less than this is never motion. */
const leastChange = 7;
const deviations = 4.5;
/** Nothing is known at first: everything is looked at until the deviations are worth something. */
const warmUpMs = 2000;
/** A person is more than one cell; a single one is noise. */
const leastCells = 2;
/** More than this of the picture at once is a new scene (lamp, infrared, a turned camera), to be learned anew. */
const newSceneShare = 0.5;
const mostRegions = 12;
const everywhere: Motion = {
  isMoving: true,
  regions: [{ left: 0, top: 0, right: 1, bottom: 1 }],
  isLearning: true,
};

type Memory = {
  readonly columns: number;
  readonly rows: number;
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** 1 for each cell that moves in the frame that is looked at; kept only so that its memory is used again. */
  readonly active: Uint8Array;
  readonly sinceMs: number;
  lastMs: number;
};

export function createMotionGate(): MotionGate {
  let memory: Memory | undefined;
  return {
    observe: (grid, mediaTimeMs) => {
      if (memory === undefined || memory.columns !== grid.columns || memory.rows !== grid.rows) {
        memory = remember(grid, mediaTimeMs);
        return everywhere;
      }
      const moving = compare(memory, grid, mediaTimeMs);
      if (moving > newSceneShare * grid.cells.length) {
        memory = remember(grid, mediaTimeMs);
        return everywhere;
      }
      if (mediaTimeMs - memory.sinceMs < warmUpMs) return everywhere;
      const regions = moving < leastCells ? [] : regionsOf(memory.active, grid);
      return { isMoving: regions.length > 0, regions };
    },
  };
}

function remember({ columns, rows, cells }: LumaGrid, nowMs: number): Memory {
  return {
    columns,
    rows,
    mean: Float32Array.from(cells),
    deviation: new Float32Array(cells.length).fill(leastChange / deviations),
    active: new Uint8Array(cells.length),
    sinceMs: nowMs,
    lastMs: nowMs,
  };
}

/** Marks each cell that differs more than it is used to and answers how many; the memory learns on the way. */
function compare(memory: Memory, { cells }: LumaGrid, nowMs: number): number {
  const { mean, deviation, active } = memory;
  const seconds = Math.max(0.001, (nowMs - memory.lastMs) / 1000);
  memory.lastMs = nowMs;
  const light = lightChange(mean, cells);
  const learn = shareFor(seconds, learnSeconds);
  const absorb = shareFor(seconds, absorbSeconds);
  const spread = shareFor(seconds, deviationSeconds);
  let moving = 0;
  for (let at = 0; at < cells.length; at += 1) {
    const before = mean[at] ?? 0;
    const seen = cells[at] ?? 0;
    const change = Math.abs(seen - before * light);
    const usual = deviation[at] ?? 0;
    const isActive = change > leastChange && change > deviations * usual;
    active[at] = isActive ? 1 : 0;
    if (isActive) moving += 1;
    mean[at] = before + (isActive ? absorb : learn) * (seen - before);
    // Somebody who walks by must not teach the cell to expect people: a change counts up to three times the usual one.
    const most = 3 * usual + 1;
    deviation[at] = usual + spread * ((change < most ? change : most) - usual);
  }
  return moving;
}

/** How much brighter the whole picture has become: the median of the cells' ratios, from a histogram. */
function lightChange(mean: Float32Array, cells: Float32Array): number {
  bins.fill(0);
  let counted = 0;
  for (let at = 0; at < cells.length; at += 3) {
    const before = mean[at] ?? 0;
    if (before < darkest) continue;
    const place = Math.floor(((cells[at] ?? 0) / before) * (ratioBins / largestRatio));
    const bin = Math.min(ratioBins - 1, place);
    bins[bin] = (bins[bin] ?? 0) + 1;
    counted += 1;
  }
  let passed = 0;
  for (let bin = 0; bin < ratioBins; bin += 1) {
    passed += bins[bin] ?? 0;
    if (passed * 2 >= counted && counted > 0) return ((bin + 0.5) * largestRatio) / ratioBins;
  }
  return 1;
}

const ratioBins = 400;
/** Used within one call only. */
const bins = new Uint32Array(ratioBins);
const largestRatio = 2;
/** Of darker cells a ratio is only noise. */
const darkest = 16;

function shareFor(seconds: number, memorySeconds: number): number {
  return 1 - Math.exp(-seconds / memorySeconds);
}

/** Groups of moving cells that touch, also across corners; takes the marks away. */
function regionsOf(left: Uint8Array, { columns, rows }: LumaGrid): readonly Box[] {
  const groups: { cells: number; box: Box }[] = [];
  for (let start = 0; start < left.length; start += 1) {
    if (left[start] !== 1) continue;
    const group = collect(left, start, columns, rows);
    if (group.cells >= leastCells) groups.push(group);
  }
  return groups
    .sort((a, b) => b.cells - a.cells)
    .slice(0, mostRegions)
    .map(({ box }) => box);
}

function collect(
  left: Uint8Array,
  start: number,
  columns: number,
  rows: number,
): { cells: number; box: Box } {
  const waiting = [start];
  left[start] = 0;
  let cells = 0;
  let [minX, minY, maxX, maxY] = [columns, rows, 0, 0];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const x = at % columns;
    const y = Math.floor(at / columns);
    cells += 1;
    [minX, minY] = [Math.min(minX, x), Math.min(minY, y)];
    [maxX, maxY] = [Math.max(maxX, x), Math.max(maxY, y)];
    for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny += 1) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx += 1) {
        const next = ny * columns + nx;
        if (left[next] !== 1) continue;
        left[next] = 0;
        waiting.push(next);
      }
    }
  }
  const box = {
    left: minX / columns,
    top: minY / rows,
    right: (maxX + 1) / columns,
    bottom: (maxY + 1) / rows,
  };
  return { cells, box };
}
