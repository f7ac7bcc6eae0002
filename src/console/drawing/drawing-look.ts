/** Colours and sizes of what is drawn on the canvas, in canvas pixels. */
import type { DrawnKind } from './drawn-rule.ts';

export const colourOf: Readonly<Record<DrawnKind, string>> = {
  tripwire: '#ffb020',
  zone: '#b79cff',
  mask: '#8b949e',
  'watch-point': '#4fd6ff',
};

export const handleRadius = 8;
/** A click this near to a point means the point. */
export const sameSpotPixels = 12;
export const lineWidth = 2.5;
export const shadow = { shadowColor: '#000', shadowBlur: 4, shadowOpacity: 0.9 } as const;
