/** How the HTTP interface says no: a status, a code for programs and one sentence for people. */
import { Type } from 'typebox';

/** The body of every refusal. */
export const Refusal = Type.Object({
  error: Type.String({ description: 'for programs' }),
  message: Type.String({ description: 'one sentence for people' }),
  /** With a conflict of rules: the version that stands. */
  currentVersion: Type.Optional(Type.Integer()),
});

/** Thrown by routes; the error handler turns it into a Refusal. */
export class HttpRefusal extends Error {
  readonly code: string;
  readonly statusCode: number;
  constructor(statusCode: number, code: string, message: string) {
    super(message);
    this.name = 'HttpRefusal';
    this.statusCode = statusCode;
    this.code = code;
  }
}

/** Whether the caller may do this cannot be found out, whatever is wrong with the database. */
export class AccountsFault extends Error {
  constructor(cause: unknown) {
    super('the accounts could not be asked', { cause });
    this.name = 'AccountsFault';
  }
}

/** The interface cannot be opened; the message names host, port and the mend. */
export class HttpError extends Error {
  readonly code: string;
  constructor(host: string, port: number, cause: unknown) {
    const { code = 'unknown' } = cause as { code?: string };
    const why =
      code === 'EADDRINUSE'
        ? `port ${port} on ${host} is taken by another program; stop it or choose another port`
        : `${host}:${port} cannot be opened (${code}); correct http.host and http.port`;
    super(why, { cause });
    this.name = 'HttpError';
    this.code = code;
  }
}

export const noSuch = (what: string, id: string): HttpRefusal =>
  new HttpRefusal(404, 'not-found', `there is no ${what} "${id}"`);
