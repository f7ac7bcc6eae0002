/**
 * Which request is inferred next: each camera has at most one waiting, the newest; cameras take turns in the order in
 * which they began to wait, so a busy camera cannot starve a quiet one.
 */

export type RequestQueue<Request> = Readonly<{
  /** Answers with the request that the new one replaced, if that camera had one waiting. */
  add: (camera: number, request: Request) => Request | undefined;
  next: () => Readonly<{ camera: number; request: Request }> | undefined;
  forget: (camera: number) => void;
}>;

export function createRequestQueue<Request>(): RequestQueue<Request> {
  // A Map keeps the order of first insertion; replacing a value leaves the camera's turn where it was.
  const waiting = new Map<number, Request>();
  return {
    add: (camera, request) => {
      const replaced = waiting.get(camera);
      waiting.set(camera, request);
      return replaced;
    },
    next: () => {
      const first = waiting.entries().next();
      if (first.done === true) return undefined;
      const [camera, request] = first.value;
      waiting.delete(camera);
      return { camera, request };
    },
    forget: (camera) => {
      waiting.delete(camera);
    },
  };
}
