/** A database that cannot be used: the message names it and the mend, and no secret. */
export class StoreError extends Error {
  readonly code = 'store-unusable';
  constructor({ name, mend }: Readonly<{ name: string; mend: string }>, cause: unknown) {
    super(`the database ${name} cannot be used (${reasonOf(cause)}); ${mend}`, { cause });
    this.name = 'StoreError';
  }
}

/** A refused connection to several addresses of one host has no message of its own. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message;
  return 'code' in cause ? String(cause.code) : cause.name;
}
