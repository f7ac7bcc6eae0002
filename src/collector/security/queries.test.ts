/** What a query says is never part of a statement: every parameter of every route, with a hundred tries at breaking out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isId } from '../../contract/id.ts';
import { databaseContent } from '../../testing/database-content.ts';
import { type GuardedCentre, openGuardedCentre } from '../../testing/guarded-centre.ts';

let guarded: GuardedCentre;
beforeAll(async () => {
  guarded = await openGuardedCentre();
});
afterAll(() => guarded.close());

const attacks = [
  ...['or 1=1 --', 'or true', 'and 1=2', 'union select 1', 'union all select null,null,null'],
  ...['; drop table event', '; delete from alarm', "; update account set role='administrator'"],
  ...['|| (select password_hash from account)', 'order by 99', 'limit 0', 'limit -1', '/* */'],
  ...['; pragma writable_schema=1', "; attach 'x' as y", '; select pg_sleep(9)', 'like %'],
];
const quotes = ["'", '"', '`', "')", '"))', ''];
const strange = [
  ...[
    '%00',
    '\0',
    '\\',
    '%',
    '_',
    '[]',
    '{}',
    '-1',
    '9e99',
    '1e309',
    'NaN',
    '0x10',
    'null',
    'true',
  ],
  ...['9007199254740993', '-9223372036854775809', '‮', 'é', '🚨', '$1', '?', ':name', '@x', '١'],
];
const payloads = [
  ...strange,
  ...attacks.flatMap((attack) => quotes.map((quote) => `${quote} ${attack}`)),
].slice(0, 110);

type Parameter = Readonly<{ name: string; in: string }>;
type Operation = Readonly<{ parameters?: readonly Parameter[] }>;
type Asked = Readonly<{ path: string; parameter: Parameter }>;

async function readingParameters(): Promise<readonly Asked[]> {
  const { paths } = JSON.parse((await guarded.raw('GET', '/docs/json')).text) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, { get }]) =>
    (get?.parameters ?? []).map((parameter) => ({ path, parameter })),
  );
}

const objects = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const known: Readonly<Record<string, string>> = guarded.centre.objects.north;
    return known[name] ?? 'some-id';
  });
const content = () =>
  databaseContent(join(guarded.centre.folder, 'centre.sqlite'), {
    tables: ['audit'],
    columns: ['session.seen_at_ms'],
    settings: ['audit-head', 'health-probe'],
  });
const ask = async (path: string) =>
  guarded.raw('GET', path, { headers: { cookie: guarded.cookie } });
const rowsIn = (text: string): number => {
  const parsed: unknown = text.startsWith('[') ? JSON.parse(text) : [];
  return Array.isArray(parsed) ? parsed.length : 0;
};

test('S17 a hundred payloads in each parameter: no fault, no more rows than without it, nothing changed', async () => {
  expect(new Set(payloads).size).toBeGreaterThanOrEqual(100);
  const inQueries = (await readingParameters()).filter(
    ({ path, parameter }) => parameter.in === 'query' && !/live|talk|export/.test(path),
  );
  expect(inQueries.map(({ parameter }) => parameter.name)).toEqual(
    expect.arrayContaining(['limit', 'cameraId', 'actor', 'fromMs', 'beforeNumber']),
  );
  const before = content();
  const wrong: string[] = [];
  for (const { path, parameter } of inQueries) {
    const plain = objects(path);
    const most = Math.max(
      rowsIn((await ask(`${plain}?limit=500`)).text),
      rowsIn((await ask(plain)).text),
    );
    await Promise.all(
      payloads.map(async (payload) => {
        const query = `${parameter.name}=${encodeURIComponent(payload)}`;
        const { status, text } = await ask(`${plain}?${query}`);
        if (status >= 500 || rowsIn(text) > most) wrong.push(`${plain}?${query}: ${status}`);
      }),
    );
  }
  expect(wrong).toEqual([]);
  expect(content()).toBe(before);
});

test('S17 the same in the ids of paths and in the number from which the feed is resumed', async () => {
  const inPaths = (await readingParameters()).filter(
    ({ path, parameter }) => parameter.in === 'path' && !/live|talk/.test(path),
  );
  expect(inPaths.length).toBeGreaterThan(6);
  const wrong: string[] = [];
  for (const { path, parameter } of inPaths) {
    // What is an id may be one, of something that is not there.
    const some = payloads.filter((payload, at) => at % 4 === 0 && !isId(payload));
    for (const payload of some) {
      const asked = objects(path.replace(`{${parameter.name}}`, encodeURIComponent(payload)));
      const { status } = await ask(asked);
      if (status !== 400 && status !== 404) wrong.push(`${asked}: ${status}`);
    }
  }
  const headers = { cookie: guarded.cookie, 'last-event-id': '1 or 1=1' };
  expect((await guarded.raw('GET', '/api/feed', { headers })).status).toBe(400);
  expect(wrong).toEqual([]);
});

/** These put names of tables and numbers of the program's own into statements that take no parameters there. */
const ofOwnNames = ['postgres-database.ts', 'sqlite-check.ts', 'sqlite-salvage.ts'];

test('S17 no statement is put together from text: what varies is a parameter', () => {
  const folder = 'src/collector/store';
  const found = readdirSync(folder)
    .filter(
      (name) => name.endsWith('.ts') && !name.includes('.test.') && !ofOwnNames.includes(name),
    )
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const wrong =
        text.match(/sql\.(raw|lit)\(|\.(exec|prepare|query)\(\s*`[^`]*\$\{[^`]*`/g) ?? [];
      return wrong.map((piece) => `${name}: ${piece}`);
    });
  expect(found).toEqual([]);
});
