/** How the replay commands end when something is at fault: one sentence on stderr and an exit code. */

/** 2 for what the person who started it can mend (clip, rules, model, arguments), 1 for a fault of the program. */
export function exitWith(error: unknown): void {
  const sentence = sentenceOf(error);
  const text = sentence ?? (error instanceof Error ? error.stack : String(error));
  process.stderr.write(`${text}\n`);
  process.exitCode = sentence === undefined ? 1 : 2;
}

/** The rooms' own errors bear a code and a sentence; Node's bear a code too, but no mend. */
function sentenceOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const isOfNode = 'syscall' in error || String(error.code).startsWith('ERR_');
  return isOfNode ? undefined : error.message;
}
