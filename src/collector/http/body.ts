/** What a request may carry: the fields that are named, and no other. */
import { type TProperties, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

export const Body = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, closed);

/** The guard keeps a collector from starting that has a route whose query is open. */
export const Query = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, closed);
