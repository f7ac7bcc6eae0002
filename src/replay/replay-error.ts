/** What a person who started a replay can mend: one sentence that names the place and the mend. */
export type ReplayErrorCode = 'bad-arguments' | 'bad-rules' | 'bad-truth' | 'cannot-write';

export class ReplayError extends Error {
  readonly code: ReplayErrorCode;
  constructor(code: ReplayErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ReplayError';
    this.code = code;
  }
}
