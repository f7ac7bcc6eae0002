/**
 * Hostile HTTP against every route of the interface's own description, signed in and not; and nonsense on the bare socket.
 */
import { connect } from 'node:net';
import type { Random } from '../harness/random.ts';
import type { Console } from '../harness/signed-in.ts';
import { hostileText, hostileValue, randomBytes } from './hostile-values.ts';

export type RequestFigures = Readonly<{
  requests: number;
  serverErrors: number;
  /** The first few, for whoever has to mend them. */
  examples: readonly string[];
  byStatus: Readonly<Record<string, number>>;
}>;

type Route = Readonly<{ method: string; path: string }>;

const atOnce = 8;
/** It would end the session that the others need. */
const leftOut = ['/api/sign-out'];

export async function sendHostileRequests(
  console: Console,
  count: number,
  random: Random,
): Promise<RequestFigures> {
  const routes = await routesOf(console);
  const byStatus: Record<string, number> = {};
  const examples: string[] = [];
  let requests = 0;
  const attack = async (): Promise<void> => {
    while (requests < count) {
      requests += 1;
      if (random.below(20) === 0) {
        await sendNonsense(console.address, random);
        continue;
      }
      const route = routes[random.below(routes.length)];
      if (route === undefined) throw new Error('the interface describes no route');
      const { status, what } = await send(console, route, random);
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (status >= 500 && examples.length < 10) examples.push(`${status} ${what}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, attack));
  const serverErrors = Object.entries(byStatus)
    .filter(([status]) => Number(status) >= 500)
    .reduce((sum, [, number]) => sum + number, 0);
  return { requests, serverErrors, examples, byStatus };
}

async function routesOf({ address }: Console): Promise<readonly Route[]> {
  const answer = await fetch(`${address}/docs/json`);
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    leftOut.includes(path) ? [] : Object.keys(methods).map((method) => ({ method, path })),
  );
}

async function send(
  { address, headers }: Console,
  { method, path }: Route,
  random: Random,
): Promise<Readonly<{ status: number; what: string }>> {
  const filled = path.replaceAll(/\{[^}]+\}/g, () => encoded(hostileText(random)));
  const query = Array.from(
    { length: random.below(3) },
    () => `${encoded(hostileQueryName(random))}=${encoded(hostileText(random))}`,
  ).join('&');
  const url = `${address}${filled}${query === '' ? '' : `?${query}`}`;
  const hasBody = !['get', 'head'].includes(method);
  const type = random.next() < 0.8 ? 'application/json' : hostileHeader(random);
  const signedIn: Record<string, string> =
    random.next() < 0.7 ? { ...headers } : { cookie: `session=${hostileHeader(random)}` };
  try {
    const answer = await fetch(url, {
      method: method.toUpperCase(),
      redirect: 'manual',
      headers: { ...signedIn, ...(hasBody ? { 'content-type': type } : {}) },
      ...(hasBody ? { body: bodyOf(random) } : {}),
      signal: AbortSignal.timeout(10_000),
    });
    await answer.body?.cancel();
    return { status: answer.status, what: `${method} ${url.slice(address.length, 200)}` };
  } catch (error) {
    // The request itself was too strange to be sent, or was refused on the connection.
    if ((error as Error).name === 'TimeoutError') return { status: 599, what: `${method} ${url}` };
    return { status: 0, what: '' };
  }
}

const queryNames = ['limit', 'state', 'cameraId', 'beforeMs', 'from', 'to', 'format', 'x', 'q'];

function hostileQueryName(random: Random): string {
  return queryNames[random.below(queryNames.length)] ?? '';
}

function bodyOf(random: Random): string {
  const text = JSON.stringify(hostileValue(random, 4)) ?? '';
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
