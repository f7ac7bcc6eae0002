/**
 * Asks the collector over HTTP, same origin, with the session's cookie.
 * Throws `ApiError` for every answer that is no success and when the centre cannot be reached.
 */

import { learnCentreTime } from './centre-clock.ts';

/** `status` is 0 when the centre could not be reached; `message` is the collector's own sentence when it gave one. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  /** Of a conflict: the version that somebody else saved. */
  readonly currentVersion: number | undefined;

  constructor(
    code: string,
    message: string,
    settings: Readonly<{ status: number; currentVersion?: number; cause?: unknown }>,
  ) {
    super(message, { cause: settings.cause });
    this.code = code;
    this.status = settings.status;
    this.currentVersion = settings.currentVersion;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The answer's JSON, taken to have the contract's shape: the collector checks what it sends. */
export async function request<Answer>(
  method: Method,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await send(method, path, body);
  const answer = await readJson(response);
  if (!response.ok) throw faultOf(response.status, answer);
  return answer as Answer;
}

/** The same, for an answer that is a file: a sound, a picture. */
export async function requestFile(method: Method, path: string, body?: unknown): Promise<Blob> {
  const response = await send(method, path, body);
  if (!response.ok) throw faultOf(response.status, await readJson(response));
  return response.blob().catch(lost);
}

async function send(method: Method, path: string, body: unknown): Promise<Response> {
  const askedAtMs = Date.now();
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      ...contentOf(body),
    });
    learnCentreTime(response.headers.get('date'), askedAtMs);
    return response;
  } catch (cause) {
    return lost(cause);
  }
}

/** The way to the centre, before the answer or in the middle of it. */
function lost(cause: unknown): never {
  throw new ApiError('network', 'the centre cannot be reached', { status: 0, cause });
}

/** A file goes as it is, everything else as JSON. */
function contentOf(body: unknown): RequestInit {
  if (body === undefined) return {};
  if (body instanceof Blob) return { body, headers: { 'content-type': body.type } };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text().catch(lost);
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError('unexpected', 'the answer is no JSON', { status: response.status, cause });
  }
}

function faultOf(status: number, answer: unknown): ApiError {
  const fields: Readonly<Record<string, unknown>> =
    typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const { error, message, currentVersion } = fields as Readonly<{
    error?: unknown;
    message?: unknown;
    currentVersion?: unknown;
  }>;
  return new ApiError(
    typeof error === 'string' ? error : 'unexpected',
    typeof message === 'string' ? message : `HTTP ${status}`,
    { status, ...(typeof currentVersion === 'number' ? { currentVersion } : {}) },
  );
}
