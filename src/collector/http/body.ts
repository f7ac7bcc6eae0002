/** What a request may carry: the fields that are named, and no other. */
import { type TProperties, Type } from 'typebox';

export const Body = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
