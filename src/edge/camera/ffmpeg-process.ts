/**
 * One ffmpeg child: started so that it dies with the thread or process that started it, its error lines read at once,
 * its end told as a promise that never rejects. Whether the stream is healthy is never read from the exit code.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Child, ChildExit, CommandLine, StartChild } from './child.ts';

/** `lines` are the last things that ffmpeg said, without those that `onLine` used up. */
export type FfmpegExit = Readonly<{ code: number | null; lines: readonly string[] }>;

export type FfmpegProcess = Readonly<{
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
/**
 * What one ffmpeg may hold in memory of its own: one that decodes 3840x2160 takes under 300 MB, and a stream that
 * claims absurd sizes must not take the box with it.
 */
const mostDataBytes = 768 * 1024 ** 2;

/** A child of this thread. */
export function startFfmpeg(start: FfmpegStart): FfmpegProcess {
  return watched(spawnHere(commandLine(start)), start);
}

/** A child that `startChild` starts when it is its turn; undefined when `stop` came first. */
export async function startFfmpegThrough(
  startChild: StartChild,
  start: FfmpegStart,
  stop: AbortSignal,
): Promise<FfmpegProcess | undefined> {
  const child = await startChild(commandLine(start), stop);
  return child === undefined ? undefined : watched(child, start);
}

/** For a thread that lives as long as its process: its children are its own, and none waits. */
export const startChildHere: StartChild = async (command, stop) =>
  stop.aborted ? undefined : spawnHere(command);

function spawnHere([program, ...args]: CommandLine): Child {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise<ChildExit>((resolve) => {
    let fault: string | undefined;
    const end = (code: number | null): void =>
      resolve({ code, ...(fault === undefined ? {} : { fault }) });
    child.once('error', ({ message }) => {
      fault = message;
      if (child.pid === undefined) end(null);
    });
    child.once('close', end);
  });
  const { stdout, stderr } = child;
  return { stdout, stderr, closed, kill: (signal) => child.kill(signal) };
}

function watched(child: Child, { onLine, program = 'ffmpeg' }: FfmpegStart): FfmpegProcess {
  const lines: string[] = [];
  const keep = (line: string): void => {
    if (onLine?.(line) === true) return;
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
  };
  readLines(child.stderr, keep);
  // A reader that has gone is no fault: the child is being stopped.
  child.stdout.on('error', () => child.kill('SIGKILL'));
  const closed = child.closed.then(({ code, fault }): FfmpegExit => {
    if (fault !== undefined) keep(`${program} could not be started: ${fault}`);
    return { code, lines };
  });

  return {
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
 * The program through `setpriv --pdeathsig KILL` and `prlimit` (util-linux) where they are: the kernel then ends it
 * when the thread that started it ends, however that happens, and refuses it more memory than it may have.
 * Without them a decoder still ends at its next write to the pipe.
 */
function commandLine({ program = 'ffmpeg', args }: FfmpegStart): CommandLine {
  const limited: CommandLine = isInstalled('prlimit')
    ? ['prlimit', `--data=${mostDataBytes}`, program, ...args]
    : [program, ...args];
  return isInstalled('setpriv') ? ['setpriv', '--pdeathsig', 'KILL', ...limited] : limited;
}

const installed = new Map<string, boolean>();

function isInstalled(program: string): boolean {
  const known = installed.get(program);
  if (known !== undefined) return known;
  const found = (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  installed.set(program, found);
  return found;
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
