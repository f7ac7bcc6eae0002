/**
 * Tuples as the documentation has to say them: OpenAPI 3.1 speaks JSON Schema of 2020-12, in which a tuple's places stand in
 * `prefixItems`. The schemas that check requests say it in the older words, an array in `items`.
 * https://json-schema.org/draft/2020-12/release-notes#changes-to-items-and-additionalitems
 */
type Part = Readonly<Record<string, unknown>>;

/** A copy of the document, whose schemas say their tuples in the newer words. */
export function withTuples(document: object): Part {
  return renewed(document) as Part;
}

function renewed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(renewed);
  if (typeof part !== 'object' || part === null) return part;
  const copy = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, renewed(value)]),
  );
  return copy['type'] === 'array' && Array.isArray(copy['items'])
    ? tuple(copy, copy['items'])
    : copy;
}

function tuple({ additionalItems, items: _, ...rest }: Part, places: readonly unknown[]): Part {
  return { ...rest, prefixItems: places, ...(additionalItems === false ? { items: false } : {}) };
}
