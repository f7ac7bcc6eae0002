/**
 * The centre takes no address from anybody: cameras, speakers, brokers and receivers of webhooks stand in configurations.
 * So nobody who is signed in can send the centre, or a box through it, to a place of their choice.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command } from '../../contract/edge-report.ts';
import { VersionedRules } from '../../contract/rule.ts';
import { type GuardedCentre, openGuardedCentre } from '../../testing/guarded-centre.ts';

let guarded: GuardedCentre;
beforeAll(async () => {
  guarded = await openGuardedCentre();
});
afterAll(() => guarded.close());

/** The words of which such a field's name would be made. */
const telling =
  /^(urls?|uris?|ip|addr|address|host|hostname|origin|source|src|rtsps?|onvif|endpoint|server|proxy|target|port)$/;
const tells = (name: string): boolean =>
  name.split(/(?=[A-Z])|[^a-zA-Z]+/).some((word) => telling.test(word.toLowerCase()));

/** The names of all fields that a schema knows, at any depth. */
function fieldsOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' && typeof value === 'object' ? Object.keys(value ?? {}) : []),
    ...fieldsOf(value),
  ]);
}

type Operation = Readonly<{
  parameters?: readonly Readonly<{ in: string; name: string }>[];
  requestBody?: Readonly<{ content?: Readonly<Record<string, Readonly<{ schema?: unknown }>>> }>;
}>;

async function operations(): Promise<ReadonlyMap<string, Operation>> {
  const { text } = await guarded.raw('GET', '/docs/json', { headers: { cookie: guarded.cookie } });
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, Operation>> };
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
      ),
    ),
  );
}

describe('S5 the centre', () => {
  test('has no route that takes an address, in its path, its query or its body', async () => {
    const told = await operations();
    const wrong: string[] = [];
    for (const [route, { parameters = [], requestBody }] of told) {
      const bodies = Object.values(requestBody?.content ?? {}).flatMap((one) => fieldsOf(one));
      for (const name of [...parameters.map((one) => one.name), ...bodies])
        if (tells(name)) wrong.push(`${route}: ${name}`);
    }
    expect(wrong).toEqual([]);
    expect(fieldsOf([...told.values()]).length).toBeGreaterThan(100);
  });

  test('documents every route that changes something, so that the test above has seen it', async () => {
    const told = await operations();
    const unseen = guarded.centre.http
      .routes()
      .filter(({ method, policy }) => !/GET|HEAD/.test(method) && policy !== 'edge')
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
      .filter((route) => !told.has(route));
    expect(unseen).toEqual([]);
  });

  test('tells a box no address either', () => {
    expect(
      [...fieldsOf(Command), ...fieldsOf(VersionedRules)].filter((name) => tells(name)),
    ).toEqual([]);
    expect(fieldsOf(Command)).toContain('ticket');
  });
});
