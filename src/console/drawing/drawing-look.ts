/** Colours and sizes of what is drawn on the canvas, in canvas pixels. */
import type { RuleKind } from './drawn-rule.ts';

export const colourOf: Readonly<Record<RuleKind, string>> = {
  tripwire: '#ffb020',
  zone: '#b79cff',
  'watch-point': '#4fd6ff',
};

export const handleRadius = 8;
/** A click this near to a point means the point. */
export const sameSpotPixels = 12;
export const lineWidth = 2.5;
export const shadow = { shadowColor: '#000', shadowBlur: 4, shadowOpacity: 0.9 } as const;
