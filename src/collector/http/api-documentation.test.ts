/** The interface's documentation: whole for every route, and its examples are what the schemas say. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { silentSpeakers } from '../../testing/silent-speakers.ts';

type Media = Readonly<{ schema?: object; example?: unknown }>;
type Content = Readonly<{ content?: Readonly<Record<string, Media>> }>;
type Operation = Readonly<{
  summary?: string;
  operationId?: string;
  tags?: readonly string[];
  parameters?: readonly unknown[];
  requestBody?: Content;
  responses: Readonly<Record<string, Content>>;
}>;

let centre: Centre;
let document: object;
let operations: readonly (readonly [string, Operation])[] = [];

beforeAll(async () => {
  // No more than the routes is wanted of them.
  const speakers = { ...silentSpeakers(), voice: {} as never, talks: {} as never };
  centre = await openCentre({ dependencies: () => ({ speakers }) });
  const told = (await (await centre.ask('GET', '/docs/json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  document = told;
  const { paths } = told;
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
});
afterAll(() => centre.close());

const statuses = ({ responses }: Operation) => Object.keys(responses);
const named = (wrong: (operation: Operation, name: string) => boolean): readonly string[] =>
  operations.filter(([name, operation]) => wrong(operation, name)).map(([name]) => name);

test('every route has a summary, a tag, and an answer for when all is well', () => {
  expect(operations.length).toBeGreaterThan(35);
  expect(named(({ summary = '' }) => summary.length < 5)).toEqual([]);
  expect(named(({ tags = [] }) => tags.length === 0)).toEqual([]);
  expect(named((one) => !statuses(one).some((status) => /^(101|2\d\d)$/.test(status)))).toEqual([]);
});

test('every route says what it refuses: what it cannot read, who may not, and faults of the centre', () => {
  const open = new Set(
    centre.http
      .routes()
      .filter(({ policy }) => policy === 'public')
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`),
  );
  const lacks = (due: (operation: Operation, name: string) => readonly string[]) =>
    named((one, name) => due(one, name).some((status) => !statuses(one).includes(status)));
  expect(lacks(() => ['500', '503'])).toEqual([]);
  expect(lacks((_, name) => (open.has(name) ? [] : ['401', '403']))).toEqual([]);
  const takesInput = ({ parameters = [], requestBody }: Operation) =>
    parameters.length > 0 || requestBody !== undefined;
  expect(lacks((one) => (takesInput(one) ? ['400'] : []))).toEqual([]);
});

test('the WebSockets that others open stand in it too', () => {
  const opened = named((one) => statuses(one).includes('101'));
  expect(opened).toEqual([
    'GET /api/cameras/{cameraId}/live',
    'GET /api/cameras/{cameraId}/talk',
    'GET /api/speakers/{speakerId}/talk',
  ]);
});

type Shown = Readonly<{ name: string; schema: object; example: unknown }>;

function shown(): readonly Shown[] {
  return operations.flatMap(([name, { requestBody, responses }]) =>
    Object.entries({ body: requestBody, ...responses }).flatMap(([part, told]) => {
      const { schema, example } = told?.content?.['application/json'] ?? {};
      return schema === undefined ? [] : [{ name: `${name} ${part}`, schema, example }];
    }),
  );
}

test('what is sent and what comes back is shown by an example', () => {
  const lacking = shown().filter(({ example }) => example === undefined);
  expect(lacking.map(({ name }) => name)).toEqual([]);
  expect(shown().length).toBeGreaterThan(100);
});

test('the examples are what the schemas say', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  // A refusal stands in many places, and is compiled once.
  const different = new Map(shown().map((one) => [JSON.stringify([one.schema, one.example]), one]));
  const wrong = [...different.values()]
    .filter(({ example }) => example !== undefined)
    .flatMap(({ name, schema, example }) =>
      ajv.validate(schema, example) ? [] : [`${name}: ${ajv.errorsText()}`],
    );
  expect(wrong).toEqual([]);
});

describe('the document', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  const official = JSON.parse(
    readFileSync('test-fixtures/openapi/openapi-3.1.schema.json', 'utf8'),
  ) as object;
  const faultsOf = (told: unknown): string => {
    ajv.validate(official, told);
    return ajv.errorsText();
  };

  test('is one of OpenAPI 3.1, by the schema of those who make it', () => {
    expect(faultsOf(document)).toBe('No errors');
    // The same schema finds what is wrong.
    expect(faultsOf({ ...document, info: { title: 'x' } })).toMatch(/must have .*'version'/);
    const unknown = { '/x': { get: { answers: {} } } };
    expect(faultsOf({ ...document, paths: unknown })).toMatch(/unevaluated properties/);
  });

  test('holds schemas that are JSON Schema of 2020-12, each of them', () => {
    const schemas = [...new Set(schemasIn(document).map((one) => JSON.stringify(one)))];
    expect(schemas.length).toBeGreaterThan(50);
    const wrong = schemas.filter((text) => !ajv.validateSchema(JSON.parse(text) as object));
    expect(wrong.map((text) => text.slice(0, 300))).toEqual([]);
    expect(ajv.validateSchema({ type: 'whole' })).toBe(false);
  });

  test('gives each operation a name of its own, when it gives one', () => {
    const ids = operations.flatMap(([, { operationId }]) => operationId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** What stands under `schema`, wherever. */
function schemasIn(part: unknown): readonly unknown[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'schema' ? [value] : schemasIn(value),
  );
}
