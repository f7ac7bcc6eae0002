/** Identifiers that enter a topic, a path or a file name. Anything else is refused before it gets there. */
import { Type } from 'typebox';

const idPattern = '^[a-z0-9-]{1,32}$';

/** An edge, camera, rule or speaker id: lower-case letters, digits and hyphens, at most 32. */
export const Id = Type.String({ pattern: idPattern });

/** An event id: a UUID of version 7, so that ids sort by the time of their making. */
export const EventId = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
});

export function isId(text: string): boolean {
  return new RegExp(idPattern).test(text);
}
