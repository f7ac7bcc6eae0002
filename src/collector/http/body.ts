/** What a request may carry: the fields that are named, and no other. */
import { type TProperties, Type } from 'typebox';

const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

export const Body = closed;
/** The guard keeps a collector from starting that has a route whose query is open. */
export const Query = closed;
