/** A call that a speaker has taken and nobody has ended, as the store keeps it; times are epoch milliseconds. */
export type KeptCall = Readonly<{
  callId: string;
  speakerId: string;
  openedAtMs: number;
  /** What the way to the speaker needs to end it, as JSON. */
  body: string;
}>;
