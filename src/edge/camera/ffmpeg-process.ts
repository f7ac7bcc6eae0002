/**
 * One ffmpeg child: started so that it dies with the thread or process that started it, its error lines read at once,
 * its end told as a promise that never rejects. Whether the stream is healthy is never read from the exit code.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';

/** `lines` are the last things that ffmpeg said, without those that `onLine` used up. */
export type FfmpegExit = Readonly<{ code: number | null; lines: readonly string[] }>;

export type FfmpegProcess = Readonly<{
  pid: number | undefined;
  stdout: Readable;
  closed: Promise<FfmpegExit>;
  /** Closes its output, then SIGTERM, then SIGKILL after three seconds; resolves when it is gone. */
  stop: () => Promise<void>;
}>;

type FfmpegStart = Readonly<{
  args: readonly string[];
  /** Answers true when the line is used up and need not be kept for a diagnosis. */
  onLine?: (line: string) => boolean;
  program?: 'ffmpeg' | 'ffprobe';
}>;

const killAfterMs = 3000;
const keptLines = 40;
const longestLine = 4096;

export function startFfmpeg(start: FfmpegStart): FfmpegProcess {
  const [program, ...args] = commandLine(start.program ?? 'ffmpeg', start.args);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const keep = (line: string): void => {
    if (start.onLine?.(line) === true) return;
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
  };
  readLines(child.stderr, keep);

  const closed = new Promise<FfmpegExit>((resolve) => {
    child.once('error', (error) => {
      keep(`${program} could not be started: ${error.message}`);
      if (child.pid === undefined) resolve({ code: null, lines });
    });
    child.once('close', (code) => resolve({ code, lines }));
  });
  // A reader that has gone is no fault: the child is being stopped.
  child.stdout.on('error', () => child.kill('SIGKILL'));

  return {
    pid: child.pid,
    stdout: child.stdout,
    closed,
    stop: async () => {
      child.stdout.destroy();
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/**
 * The program through `setpriv --pdeathsig KILL` (util-linux) where there is one: the kernel then ends it when the
 * thread that started it ends, however that happens. Without it a decoder still ends at its next write to the pipe.
 */
function commandLine(program: string, args: readonly string[]): [string, ...string[]] {
  return setpriv() ? ['setpriv', '--pdeathsig', 'KILL', program, ...args] : [program, ...args];
}

let hasSetpriv: boolean | undefined;

function setpriv(): boolean {
  hasSetpriv ??= (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'setpriv'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return hasSetpriv;
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '').slice(-longestLine);
    for (const line of lines) if (line !== '') onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
