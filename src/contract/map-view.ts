/** The duty room's map: where cameras and speakers stand on the plan. How they are, the other lists say. */
import { type Static, Type } from 'typebox';
import { Id } from './id.ts';
import { Point } from './shape.ts';

const Length = Type.Number({ minimum: 0, maximum: 100_000 });

/** As it is configured, from the plan's left and top: fractions of it, or metres when the plan has a size. */
export const PlanPosition = Type.Tuple([Length, Length]);
export type PlanPosition = readonly [x: number, y: number];

export const MapView = Type.Object({
  /** Width of the plan over its height; the picture's own, or any, when absent. */
  aspectRatio: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  /** A picture of the place lies under it. */
  hasPicture: Type.Boolean(),
  /** Only what has been given a place, as fractions of the plan from its left and its top. */
  cameras: Type.Array(Type.Object({ cameraId: Id, at: Point })),
  speakers: Type.Array(Type.Object({ speakerId: Id, at: Point })),
});
export type MapView = Readonly<Static<typeof MapView>>;
