/** How long is waited for what. T1, T2 and the doubling are those of RFC 3261, 17; the whole is shorter: a lane does not wait half a minute. */

export type SipTiming = Readonly<{
  t1Ms: number;
  t2Ms: number;
  /** From the call to the final answer. */
  answerWithinMs: number;
  /** For everything but calls. */
  requestWithinMs: number;
}>;

export const usualSipTiming: SipTiming = {
  t1Ms: 500,
  t2Ms: 4000,
  answerWithinMs: 6000,
  requestWithinMs: 4000,
};
