/**
 * A large picture looked at in tiles, those first that were in no crop for longest: slowly over and over, for whoever stands
 * still, and quickly while the scene is new. Pure but for its memory of when which part was looked at.
 */
import type { Box } from '../contract/shape.ts';

/** In shares of the picture. */
type Size = Readonly<{ width: number; height: number }>;

export type SeenGrid = Readonly<{
  /** The box is in a crop now. */
  mark: (box: Box, nowMs: number) => void;
  /** Of the part of the box that was in none for longest; Infinity for what never was. */
  waitedMs: (box: Box, nowMs: number) => number;
  /** At the middle of the box. */
  waitedAtMs: (box: Box, nowMs: number) => number;
}>;

export type TileSearch = Readonly<{
  isSweepDue: (nowMs: number) => boolean;
  /** The next tile of the sweep when it is due. */
  sweep: (nowMs: number) => readonly Box[];
  /** So many tiles, taken as looked at; fewer when everything has been looked at in this moment. */
  explore: (nowMs: number, tiles: number) => readonly Box[];
}>;

type Settings = Readonly<{
  sweepTile: Size;
  /** For one sweep over the whole picture. */
  sweepSeconds: number;
  exploreTile: Size;
}>;

const gridColumns = 32;
const gridRows = 18;

export function createTileSearch(
  seen: SeenGrid,
  { sweepTile, sweepSeconds, exploreTile }: Settings,
): TileSearch {
  const sweepTiles = tilesOf(sweepTile);
  const exploreTiles = tilesOf(exploreTile);
  const sweepEveryMs = (sweepSeconds * 1000) / sweepTiles.length;
  let dueAtMs: number | undefined;
  const longestUnseen = (among: readonly Box[], nowMs: number): Box | undefined => {
    const waited = among.map((tile) => seen.waitedMs(tile, nowMs));
    return among[waited.indexOf(Math.max(...waited))];
  };
  const isSweepDue = (nowMs: number): boolean => dueAtMs === undefined || nowMs >= dueAtMs;
  return {
    isSweepDue,
    sweep: (nowMs) => {
      if (!isSweepDue(nowMs)) return [];
      // Frames come a little after it was due: what is lost on one is made up for on the next.
      dueAtMs = Math.max(nowMs, (dueAtMs ?? nowMs) + sweepEveryMs);
      const tile = longestUnseen(sweepTiles, nowMs);
      return tile === undefined ? [] : [tile];
    },
    explore: (nowMs, tiles) => {
      const explored: Box[] = [];
      while (explored.length < tiles) {
        const tile = longestUnseen(exploreTiles, nowMs);
        if (tile === undefined || seen.waitedMs(tile, nowMs) === 0) break;
        seen.mark(tile, nowMs);
        explored.push(tile);
      }
      return explored;
    },
  };
}

/** Crops side by side over the whole picture; neighbours share a fifth, so that nobody is cut by both. */
function tilesOf({ width, height }: Size): readonly Box[] {
  const starts = (length: number): readonly number[] => {
    const count = Math.max(1, Math.ceil((1 - length) / (length * 0.8)) + 1);
    return length >= 1
      ? [0]
      : Array.from({ length: count }, (_, at) => (at * (1 - length)) / (count - 1));
  };
  return starts(height).flatMap((top) =>
    starts(width).map((left) => ({ left, top, right: left + width, bottom: top + height })),
  );
}

/** When each part of the picture was last in a crop, in cells of a coarse grid. */
export function createSeenGrid(): SeenGrid {
  const times = new Float64Array(gridColumns * gridRows).fill(Number.NEGATIVE_INFINITY);
  const cellsOf = ({ left, top, right, bottom }: Box): readonly number[] => {
    const cells: number[] = [];
    for (let row = Math.ceil(top * gridRows - 0.5); row + 0.5 < bottom * gridRows; row += 1)
      for (
        let column = Math.ceil(left * gridColumns - 0.5);
        column + 0.5 < right * gridColumns;
        column += 1
      )
        cells.push(row * gridColumns + column);
    return cells;
  };
  const waitedMs = (box: Box, nowMs: number): number =>
    cellsOf(box).reduce((longest, cell) => Math.max(longest, nowMs - (times[cell] ?? nowMs)), 0);
  return {
    mark: (box: Box, nowMs: number): void => {
      for (const cell of cellsOf(box)) times[cell] = nowMs;
    },
    waitedMs,
    /** At the middle of the box. */
    waitedAtMs: (box: Box, nowMs: number): number => {
      const column = Math.min(
        gridColumns - 1,
        Math.floor(((box.left + box.right) / 2) * gridColumns),
      );
      const row = Math.min(gridRows - 1, Math.floor(((box.top + box.bottom) / 2) * gridRows));
      return nowMs - (times[row * gridColumns + column] ?? nowMs);
    },
  };
}
