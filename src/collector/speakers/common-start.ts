/** Lets several speakers begin in step: who is ready waits until all are, or have dropped out, but not for ever. */
import type { Start } from './speaker.ts';

export type CommonStart = Readonly<{
  /** For one speaker: called when it could begin. */
  start: Start;
  /** One speaker will not begin. May be called after it has: then it changes nothing. */
  dropOut: () => void;
}>;

export function createCommonStart(count: number, mostWaitMs: number): readonly CommonStart[] {
  let open = count;
  let go = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    go = resolve;
  });
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    open -= 1;
    if (open > 0) return;
    clearTimeout(timer);
    go();
  };
  return Array.from({ length: count }, () => {
    let isSettled = false;
    const once = (): void => {
      if (!isSettled) settle();
      isSettled = true;
    };
    return {
      start: () => {
        timer ??= setTimeout(go, mostWaitMs);
        once();
        return begun;
      },
      dropOut: once,
    };
  });
}
