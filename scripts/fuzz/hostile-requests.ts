/**
 * Hostile HTTP against every route of the interface's own description, signed in and not, with bodies that are nearly right
 * and such as are nothing; hostile WebSockets; and nonsense on the bare socket.
 */
import { connect } from 'node:net';
import type { Random } from '../harness/random.ts';
import type { Console } from '../harness/signed-in.ts';
import { sendHostileSocket } from './hostile-sockets.ts';
import { hostileText, hostileValue, mutated, randomBytes } from './hostile-values.ts';

export type RequestFigures = Readonly<{
  requests: number;
  routes: number;
  /** Routes that were never tried: none, once there were as many requests as routes. */
  untried: readonly string[];
  serverErrors: number;
  /** The first few, for whoever has to mend them. */
  examples: readonly string[];
  byStatus: Readonly<Record<string, number>>;
  /** Of those that the centre answers by itself. */
  slowestMs: number;
}>;

type Route = Readonly<{
  method: string;
  path: string;
  websocket: boolean;
  queryNames: readonly string[];
  /** Of a body that is right. */
  example?: unknown;
}>;

const atOnce = 8;
const patienceMs = 10_000;
/** An edge is asked, which is given its time, and nobody answers for the cameras that hostile packets have invented. */
const asksEdge = /\/rule-replay$/;
const patienceWithEdgeMs = 40_000;
/** It would end the session that the others need. */
const leftOut = ['/api/sign-out'];
/** Where edges push live pictures: no part of the description, since nobody else calls it. */
export const undescribed: readonly Route[] = [
  { method: 'get', path: '/edge/live/{cameraId}', websocket: true, queryNames: [] },
];

export async function sendHostileRequests(
  console: Console,
  count: number,
  random: Random,
): Promise<RequestFigures> {
  const routes = random.shuffled([...(await describedRoutes(console)), ...undescribed]);
  const byStatus: Record<string, number> = {};
  const examples: string[] = [];
  const untried = new Set(routes.map(nameOf));
  let [requests, slowestMs] = [0, 0];
  const attack = async (): Promise<void> => {
    while (requests < count) {
      // One after the other, so that none is left to chance.
      const route = routes[requests % routes.length];
      requests += 1;
      if (route === undefined) throw new Error('the interface describes no route');
      untried.delete(nameOf(route));
      if (random.below(20) === 0) await sendNonsense(console.address, random);
      const sentAt = performance.now();
      const { status, what } = await send(console, route, random);
      slowestMs = Math.max(slowestMs, ownTimeMs(route, performance.now() - sentAt));
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (status >= 500 && examples.length < 10) examples.push(`${status} ${what}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, attack));
  const serverErrors = Object.entries(byStatus)
    .filter(([status]) => Number(status) >= 500)
    .reduce((sum, [, number]) => sum + number, 0);
  const figures = { requests, routes: routes.length, untried: [...untried], slowestMs };
  return { ...figures, serverErrors, examples, byStatus };
}

const ownTimeMs = ({ path }: Route, ms: number): number => (asksEdge.test(path) ? 0 : ms);

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

type Operation = Readonly<{
  parameters?: readonly Readonly<{ in: string; name: string }>[];
  requestBody?: Readonly<{ content: Readonly<Record<string, Readonly<{ example?: unknown }>>> }>;
  responses: Readonly<Record<string, unknown>>;
}>;

export async function describedRoutes({
  address,
}: Pick<Console, 'address'>): Promise<readonly Route[]> {
  const answer = await fetch(`${address}/docs/json`);
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    leftOut.includes(path)
      ? []
      : Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]) => ({
          ...{ method, path, websocket: '101' in responses },
          queryNames: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
          example: requestBody?.content['application/json']?.example,
        })),
  );
}

type Sent = Readonly<{ status: number; what: string }>;

async function send({ address, headers }: Console, route: Route, random: Random): Promise<Sent> {
  const { method } = route;
  const url = `${address}${addressOf(route, random)}`;
  const what = `${method} ${url.slice(address.length, 200)}`;
  const signedIn: Record<string, string> =
    random.next() < 0.7 ? { ...headers } : { cookie: `session=${hostileHeader(random)}` };
  if (route.websocket) return { status: await sendHostileSocket(url, signedIn, random), what };
  const hasBody = !['get', 'head'].includes(method);
  const type = random.next() < 0.8 ? 'application/json' : hostileHeader(random);
  try {
    const answer = await fetch(url, {
      method: method.toUpperCase(),
      redirect: 'manual',
      headers: { ...signedIn, ...(hasBody ? { 'content-type': type } : {}) },
      ...(hasBody ? { body: bodyOf(route, random) } : {}),
      signal: AbortSignal.timeout(asksEdge.test(route.path) ? patienceWithEdgeMs : patienceMs),
    });
    await answer.body?.cancel();
    return { status: answer.status, what };
  } catch (error) {
    // The request itself was too strange to be sent, or was refused on the connection.
    if ((error as Error).name === 'TimeoutError') return { status: 599, what };
    return { status: 0, what: '' };
  }
}

/** Among them what routes and the store call things inside: none of it may come from outside. */
const otherNames = [
  ...['limit', 'state', 'cameraId', 'format', 'x', '__proto__', 'limit[]', 'cameraIds', 'scope'],
  ...['actor', 'action', 'by', 'atMs', 'eventId', 'userId', 'reach', 'constructor'],
];

function addressOf({ path, queryNames }: Route, random: Random): string {
  const filled = path.replaceAll(/\{[^}]+\}/g, () => encoded(hostileText(random)));
  const names = [...queryNames, ...otherNames];
  const given = Array.from({ length: random.below(3) }, () => names[random.below(names.length)]);
  // A name that is given twice is a list.
  const asked = random.below(4) === 0 ? [...given, ...given] : given;
  const query = asked.map((name) => `${name}=${encoded(hostileText(random))}`).join('&');
  return query === '' ? filled : `${filled}?${query}`;
}

function bodyOf({ example }: Route, random: Random): string | Buffer<ArrayBuffer> {
  if (random.next() < 0.1) return Buffer.from(randomBytes(random, 2000));
  const isNearlyRight = typeof example === 'object' && random.next() < 0.6;
  const value = isNearlyRight ? mutated(example, random) : hostileValue(random, 4);
  const text = JSON.stringify(value) ?? '';
  return random.next() < 0.15 ? text.slice(0, random.below(text.length + 1)) : text;
}

function encoded(text: string): string {
  // Half a surrogate pair cannot be written in an address.
  return encodeURIComponent(
    Buffer.from(text)
      .toString()
      .slice(0, 600)
      .replace(/[\ud800-\udbff]$/, ''),
  );
}

function hostileHeader(random: Random): string {
  return hostileText(random)
    .slice(0, 200)
    .replaceAll(/[^\x20-\x7e]/g, '?');
}

function sendNonsense(address: string, random: Random): Promise<void> {
  const { port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
    const start = [
      'GET /',
      'POST /api/alarms HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
      '',
    ];
    socket.end(
      Buffer.concat([Buffer.from(start[random.below(3)] ?? ''), randomBytes(random, 300)]),
    );
    setTimeout(() => socket.destroy(), 300).unref();
  });
}
