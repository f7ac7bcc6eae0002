/**
 * One speaker's queue: one sound at a time, the most urgent first, equal ones in the order of their coming.
 * A more urgent one cuts short what is being said. An operator's own voice is the most urgent of all.
 */
import type { Severity } from '../../contract/rule-response.ts';

export type Urgency = Severity | 'live';

/** Why a job was told to end. */
export type Interruption = 'pre-empted' | 'stopped' | 'cancelled';

/** `not-started` gives an interrupted job back: nothing of it was heard, so it keeps its place. */
export type Delivered = 'done' | 'not-started';

export type SpeakerJob = Readonly<{
  jobId: string;
  urgency: Urgency;
  orderedAtMs: number;
  /** Must not reject: whatever goes wrong with a job is its outcome. A cancelled one is run to say so. */
  run: (signal: AbortSignal) => Promise<Delivered>;
}>;

export type AnnouncementQueue = Readonly<{
  /** A job that waits or speaks already is not taken twice. */
  add: (job: SpeakerJob) => void;
  /** Ends the job, whether it waits or speaks; false when it is not here. */
  cancel: (jobId: string) => boolean;
  /** Ends everything that waits or speaks. */
  cancelAll: () => void;
  current: () => SpeakerJob | undefined;
  waiting: () => number;
  /** Cuts short what is being said and forgets what waits. */
  stop: () => Promise<void>;
}>;

const rank: Readonly<Record<Urgency, number>> = {
  information: 0,
  warning: 1,
  emergency: 2,
  live: 3,
};

export function createAnnouncementQueue(): AnnouncementQueue {
  let waiting: readonly SpeakerJob[] = [];
  let current: Readonly<{ job: SpeakerJob; abort: AbortController }> | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const run = async (): Promise<void> => {
    for (let job = waiting[0]; job !== undefined && !stopped; job = waiting[0]) {
      waiting = waiting.slice(1);
      const abort = new AbortController();
      current = { job, abort };
      const delivered = await job.run(abort.signal);
      current = undefined;
      if (delivered === 'not-started') waiting = placed(waiting, job);
    }
    running = undefined;
  };

  const interrupt = (why: Interruption): void => current?.abort.abort(why);
  const cancelWaiting = (cancelled: (job: SpeakerJob) => boolean): boolean => {
    const jobs = waiting.filter(cancelled);
    waiting = waiting.filter((job) => !cancelled(job));
    for (const job of jobs) void job.run(AbortSignal.abort('cancelled' satisfies Interruption));
    return jobs.length > 0;
  };

  return {
    add: (job) => {
      if (stopped || [current?.job, ...waiting].some((one) => one?.jobId === job.jobId)) return;
      waiting = placed(waiting, job);
      if (current !== undefined && rank[job.urgency] > rank[current.job.urgency]) {
        interrupt('pre-empted');
      }
      running ??= run();
    },
    cancel: (jobId) => {
      if (current?.job.jobId === jobId) {
        interrupt('cancelled');
        return true;
      }
      return cancelWaiting((job) => job.jobId === jobId);
    },
    cancelAll: () => {
      cancelWaiting(() => true);
      interrupt('cancelled');
    },
    current: () => current?.job,
    waiting: () => waiting.length,
    stop: async () => {
      stopped = true;
      waiting = [];
      interrupt('stopped');
      await running;
    },
  };
}

function placed(waiting: readonly SpeakerJob[], job: SpeakerJob): readonly SpeakerJob[] {
  return [...waiting, job].sort(
    (a, b) => rank[b.urgency] - rank[a.urgency] || a.orderedAtMs - b.orderedAtMs,
  );
}
