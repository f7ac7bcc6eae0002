/** What every drawn shape is given. */
import type { Size } from '../picture/picture-geometry.ts';
import type { Drawn } from './drawn-rule.ts';

export type ShapeSettings<Kind extends Drawn['kind']> = Readonly<{
  drawn: Extract<Drawn, { kind: Kind }>;
  /** Of the canvas, in pixels. */
  size: Size;
  selected: boolean;
  /** Fraction of the picture's height: how wide the dead band is. */
  personHeight: number;
  onSelect: () => void;
  onChange: (changed: Drawn, mark: string) => void;
}>;
