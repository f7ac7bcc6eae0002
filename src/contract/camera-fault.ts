/** What is wrong with a camera: with its picture, or why there is none. */
import { type Static, Type } from 'typebox';

export const Tampering = Type.Union([
  Type.Literal('covered'),
  Type.Literal('turned'),
  Type.Literal('defocused'),
  Type.Literal('frozen'),
  Type.Literal('too-dark'),
  /** Of another shape than its rules were drawn on: they are suspended. */
  Type.Literal('reshaped'),
]);
export type Tampering = Static<typeof Tampering>;

/** `signal-lost`: there were pictures, and then none. `not-seen`: none since the box started. `refused`: the password. */
export const OfflineCause = Type.Union([
  Type.Literal('signal-lost'),
  Type.Literal('not-seen'),
  Type.Literal('refused'),
]);
export type OfflineCause = Static<typeof OfflineCause>;
