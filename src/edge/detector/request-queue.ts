/**
 * Which request is inferred next: each camera has at most one waiting, the newest. Cameras where something is about to be
 * decided go first, the others take turns in the order in which they began to wait; so when the box has too much to do the
 * quiet ones are looked at less often before a busy one is. One that has waited for long goes before all: nobody starves.
 * Pure; times in milliseconds of any one clock.
 */

export type RequestQueue<Request> = Readonly<{
  /** Answers with the request that the new one replaced, if that camera had one waiting. */
  add: (camera: number, request: Request, isUrgent: boolean, nowMs: number) => Request | undefined;
  next: (nowMs: number) => Turn<Request> | undefined;
  /** Who waits for a turn, and for how long by now. */
  waiting: (nowMs: number) => readonly Readonly<{ camera: number; waitedMs: number }>[];
  forget: (camera: number) => void;
}>;

type Turn<Request> = Readonly<{ camera: number; request: Request; waitedMs: number }>;

type Waiting<Request> = Readonly<{ request: Request; isUrgent: boolean; sinceMs: number }>;

/** Three frames at the usual rate. */
const longestWaitMs = 600;

export function createRequestQueue<Request>(): RequestQueue<Request> {
  // A Map keeps the order of first insertion; replacing a value leaves the camera's turn where it was.
  const waiting = new Map<number, Waiting<Request>>();
  return {
    add: (camera, request, isUrgent, nowMs) => {
      const replaced = waiting.get(camera);
      waiting.set(camera, { request, isUrgent, sinceMs: replaced?.sinceMs ?? nowMs });
      return replaced?.request;
    },
    next: (nowMs) => {
      const [first, ...others] = waiting;
      if (first === undefined) return undefined;
      const isPatient = nowMs - first[1].sinceMs < longestWaitMs;
      const urgent = [first, ...others].find(([, { isUrgent }]) => isUrgent);
      const [camera, { request, sinceMs }] = isPatient ? (urgent ?? first) : first;
      waiting.delete(camera);
      return { camera, request, waitedMs: nowMs - sinceMs };
    },
    waiting: (nowMs) =>
      [...waiting].map(([camera, { sinceMs }]) => ({ camera, waitedMs: nowMs - sinceMs })),
    forget: (camera) => {
      waiting.delete(camera);
    },
  };
}
