/** A child process as the one who wanted it sees it, whichever thread owns it; and what the two threads tell each other. */
import type { Readable } from 'node:stream';

export type CommandLine = readonly [program: string, ...args: string[]];

/** `fault` when it could not be started at all. */
export type ChildExit = Readonly<{ code: number | null; fault?: string }>;

export type Child = Readonly<{
  /** What a `data` event brings may be overwritten after it: who keeps it copies it. */
  stdout: Readable;
  stderr: Readable;
  kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
  /** The child is gone and its outputs have ended; never rejects. */
  closed: Promise<ChildExit>;
}>;

/** May wait for its turn; undefined when `stop` came first. A program that is not there is told by `closed`. */
export type StartChild = (command: CommandLine, stop: AbortSignal) => Promise<Child | undefined>;

/**
 * From the thread that wants children to the one that owns them. When it is the child's turn the owner listens at
 * `socketPath`, and takes what connects there first as stdout, then stderr.
 */
export type ToKeeper =
  | Readonly<{ kind: 'start'; childId: number; command: CommandLine; socketPath: string }>
  | Readonly<{ kind: 'cancel'; childId: number }>
  | Readonly<{ kind: 'kill'; childId: number; signal: 'SIGTERM' | 'SIGKILL' }>;

export type FromKeeper =
  | Readonly<{ kind: 'listening'; childId: number }>
  | Readonly<{ kind: 'started'; childId: number }>
  | (Readonly<{ kind: 'exited'; childId: number }> & ChildExit);
