/** The interface's documentation: whole for every route, and its examples are what the schemas say. */
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { silentSpeakers } from '../../testing/silent-speakers.ts';

type Media = Readonly<{ schema?: object; example?: unknown }>;
type Content = Readonly<{ content?: Readonly<Record<string, Media>> }>;
type Operation = Readonly<{
  summary?: string;
  tags?: readonly string[];
  parameters?: readonly unknown[];
  requestBody?: Content;
  responses: Readonly<Record<string, Content>>;
}>;

let centre: Centre;
let operations: readonly (readonly [string, Operation])[] = [];

beforeAll(async () => {
  // No more than the routes is wanted of them.
  const speakers = { ...silentSpeakers(), voice: {} as never, talks: {} as never };
  centre = await openCentre({ dependencies: () => ({ speakers }) });
  const { paths } = (await (await centre.ask('GET', '/docs/json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
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
  const ajv = new Ajv({ strict: false, allErrors: true });
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
