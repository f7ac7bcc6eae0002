/** What the documentation says beyond the schemas that the routes check by: examples, files and streams, and general refusals. */
import type { FastifySchema } from 'fastify';
import { answerExamples, bodyExamples, exampleOf } from './api-examples.ts';
import { Refusal } from './http-error.ts';

type Schema = Readonly<Record<string, unknown>>;
type Route = Readonly<{
  method: string | readonly string[];
  url: string;
  websocket?: boolean;
  config?: Readonly<{ fromEdge?: boolean; audit?: string }>;
}>;

/** The schema of a route as it is shown; the route itself goes on with its own. */
export function documented(schema: FastifySchema, route: Route): FastifySchema {
  const name = `${[route.method].flat()[0]} ${route.url}`;
  const { produces, body, response, ...told } = schema as FastifySchema & Partial<Schema>;
  // The WebSocket plugin hides what it serves; those that others open are shown all the same.
  const isShown = route.websocket === true && route.config?.fromEdge !== true;
  const rest = isShown ? { ...told, hide: false } : told;
  const answers: Readonly<Record<string, unknown>> = {
    ...generalRefusals(schema, route),
    ...(response as object | undefined),
  };
  const isKnown = Object.keys(answers).some((status) => /^[123]/.test(status));
  const success = isKnown ? {} : { [route.websocket === true ? 101 : 200]: undefined };
  const bodyExample = bodyExamples[name];
  return {
    ...rest,
    ...(body === undefined
      ? {}
      : {
          body: bodyExample === undefined ? body : { ...(body as Schema), examples: [bodyExample] },
        }),
    response: Object.fromEntries(
      Object.entries({ ...success, ...answers }).map(([status, answer]) => [
        status,
        Number(status) < 300 && (produces !== undefined || answer === undefined)
          ? fileOf(status, produces as readonly string[] | undefined)
          : withExample(answer as Schema, answerExamples[`${name} ${status}`]),
      ]),
    ),
  };
}

/**
 * Of every route: what it cannot read, what went wrong at the centre, and a database that does not answer; of what changes
 * something or stands in the register also a disk that is full.
 */
function generalRefusals(
  { body, params, querystring, headers }: FastifySchema,
  { method, config }: Route,
) {
  const takesInput = [body, params, querystring, headers].some((one) => one !== undefined);
  const writes =
    config?.audit !== undefined || [method].flat().some((one) => !/GET|HEAD/.test(one));
  return {
    ...(takesInput ? { 400: Refusal } : {}),
    ...{ 500: Refusal, 503: Refusal },
    ...(writes ? { 507: Refusal } : {}),
  };
}

function fileOf(status: string, [type = 'text/event-stream']: readonly string[] = []) {
  if (status === '101') return { description: 'The WebSocket is open', type: 'null' };
  const schema = type.startsWith('text/')
    ? { type: 'string' }
    : { type: 'string', format: 'binary' };
  return { description: type, content: { [type]: { schema } } };
}

function withExample(answer: Schema, given: unknown): Schema {
  const items = answer['items'];
  const known = given ?? exampleOf.get(answer);
  if (known !== undefined) return { ...answer, examples: [known] };
  const one = exampleOf.get(items);
  return one === undefined ? answer : { ...answer, examples: [[one]] };
}
