/**
 * Runs one of the audio programs (ffmpeg, espeak-ng, sherpa-onnx) to its end: arguments as a list, never through a shell.
 * An aborted or overdue program gets SIGTERM, and SIGKILL when it does not heed that.
 */
import { spawn } from 'node:child_process';
import { because } from '../../contract/reason.ts';

export type ProgramEnd =
  | Readonly<{ ok: true; stdout: Buffer; stderr: string }>
  | Readonly<{ ok: false; missing: boolean; stopped: boolean; reason: string }>;

export type ProgramRun = Readonly<{
  program: string;
  /** What a reason calls it, if not by its program. */
  name?: string;
  args: readonly string[];
  input?: string;
  timeoutMs?: number;
  signal?: AbortSignal;
}>;

const defaultTimeoutMs = 60_000;
const killAfterMs = 2000;
/** Enough for any summary at the end; a program that chatters does not fill the memory. */
const keptStderrCharacters = 64_000;

export function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const { name = run.program } = run;
  if (run.signal?.aborted === true) return Promise.resolve(failed(`${name} was stopped`));
  return new Promise((resolve) => {
    const child = spawn(run.program, run.args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    let stderr = '';
    let whyEnded: string | undefined;
    let killTimer: NodeJS.Timeout | undefined;

    const end = (why: string): void => {
      whyEnded ??= why;
      child.kill('SIGTERM');
      killTimer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    };
    const abort = (): void => end(`${name} was stopped`);
    const timer = setTimeout(
      () => end(because('program-overdue', { name })),
      run.timeoutMs ?? defaultTimeoutMs,
    );
    const settle = (result: ProgramEnd): void => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      run.signal?.removeEventListener('abort', abort);
      resolve(result);
    };

    run.signal?.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (data: Buffer) => stdout.push(data));
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      stderr = (stderr + text).slice(-keptStderrCharacters);
    });
    // A program that ended before it read its input says so by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(run.input ?? '');
    child.on('error', (error) => settle(notStarted(run.program, error)));
    child.on('close', (code, killedBy) => {
      if (whyEnded !== undefined) settle(failed(whyEnded, run.signal?.aborted === true));
      else if (code === 0) settle({ ok: true, stdout: Buffer.concat(stdout), stderr });
      else settle(failed(endedWith(name, String(code ?? killedBy), lastLine(stderr))));
    });
  });
}

function failed(reason: string, stopped = false): ProgramEnd {
  return { ok: false, missing: false, stopped, reason };
}

function endedWith(name: string, how: string, error: string): string {
  return because('program-ended', { name, how, error });
}

function notStarted(program: string, error: Error): ProgramEnd {
  const missing = 'code' in error && error.code === 'ENOENT';
  const reason = missing
    ? `${program} is missing; install the Debian package ${program}`
    : `${program} could not be started: ${error.message}`;
  return { ok: false, missing, stopped: false, reason };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
