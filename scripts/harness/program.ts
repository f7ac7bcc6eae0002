/** A program under test: started, killed, halted and gone on with; its lines are read until the last one it wrote. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Program = Readonly<{
  name: string;
  pid: () => number | undefined;
  isRunning: () => boolean;
  start: () => void;
  /** Resolves when it is gone and its last line has been read. */
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  halt: () => void;
  goOn: () => void;
  tell: (line: string) => void;
  /** How often it ended without having been told to. */
  crashes: () => number;
}>;

type Settings = Readonly<{
  name: string;
  /** Asked at each start. */
  command: () => readonly [string, ...string[]];
  onLine?: (line: string) => void;
  /** Asked at each start. */
  environment?: () => Readonly<Record<string, string>>;
}>;

/** Nothing runs before `start`; what it says on stderr is shown. */
export function createProgram({ name, command, onLine, environment }: Settings): Program {
  let child: ChildProcess | undefined;
  let closed: Promise<void> = Promise.resolve();
  let crashes = 0;
  let isEnding = false;
  const isRunning = (): boolean =>
    child !== undefined && child.exitCode === null && child.signalCode === null;

  return {
    name,
    pid: () => child?.pid,
    isRunning,
    start: () => {
      const [program, ...options] = command();
      const started = spawn(program, options, {
        stdio: ['pipe', 'pipe', 'inherit'],
        // Programs that are started again and again need not be compiled again.
        env: { ...process.env, NODE_COMPILE_CACHE: '.cache/compile', ...environment?.() },
      });
      child = started;
      isEnding = false;
      createInterface({ input: started.stdout }).on('line', (line) => onLine?.(line));
      // It may be dead already when it is told something.
      started.stdin.on('error', () => undefined);
      closed = new Promise((resolve) => {
        started.once('error', () => resolve());
        started.once('close', () => {
          if (!isEnding) crashes += 1;
          resolve();
        });
      });
    },
    end: async (signal) => {
      isEnding = true;
      if (isRunning()) {
        child?.kill('SIGCONT');
        child?.kill(signal);
      }
      await closed;
    },
    halt: () => child?.kill('SIGSTOP'),
    goOn: () => child?.kill('SIGCONT'),
    tell: (line) => child?.stdin?.write(`${line}\n`),
    crashes: () => crashes,
  };
}

/** Polls until the condition holds; false when it did not within the time. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return holds();
}
