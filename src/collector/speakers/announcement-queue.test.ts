import { describe, expect, test } from 'vitest';
import {
  createAnnouncementQueue,
  type Delivered,
  type SpeakerJob,
  type Urgency,
} from './announcement-queue.ts';

/** Jobs that end when the test says so. */
function jobs() {
  const begun: string[] = [];
  const ends = new Map<string, (delivered: Delivered) => void>();
  const interruptions = new Map<string, unknown>();
  const job = (jobId: string, urgency: Urgency, orderedAtMs = 0): SpeakerJob => ({
    jobId,
    urgency,
    orderedAtMs,
    run: (signal) => {
      begun.push(jobId);
      if (signal.aborted) interruptions.set(jobId, signal.reason);
      signal.addEventListener('abort', () => interruptions.set(jobId, signal.reason));
      return new Promise((resolve) => ends.set(jobId, resolve));
    },
  });
  const end = async (jobId: string, as: Delivered = 'done') => {
    ends.get(jobId)?.(as);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, interruptions, job, end };
}

describe('the queue of a speaker', () => {
  test('delivers one order at a time', async () => {
    const { begun, job, end } = jobs();
    const queue = createAnnouncementQueue();
    queue.add(job('first', 'warning', 1));
    queue.add(job('second', 'warning', 2));
    expect(begun).toEqual(['first']);
    await end('first');
    expect(begun).toEqual(['first', 'second']);
  });

  test('takes the most severe first, and equal ones in the order of their coming', async () => {
    const { begun, job, end } = jobs();
    const queue = createAnnouncementQueue();
    queue.add(job('now', 'emergency', 1));
    queue.add(job('late-information', 'information', 5));
    queue.add(job('information', 'information', 2));
    queue.add(job('late-warning', 'warning', 4));
    queue.add(job('warning', 'warning', 3));
    for (const id of ['now', 'warning', 'late-warning', 'information']) await end(id);
    expect(begun).toEqual(['now', 'warning', 'late-warning', 'information', 'late-information']);
  });

  test.each([
    ['emergency', 'warning', true],
    ['warning', 'information', true],
    ['emergency', 'information', true],
    ['emergency', 'emergency', false],
    ['warning', 'warning', false],
    ['information', 'emergency', false],
    ['live', 'emergency', true],
    ['emergency', 'live', false],
  ] as const)('lets %s cut %s short: %s', async (coming, speaking, cut) => {
    const { interruptions, job } = jobs();
    const queue = createAnnouncementQueue();
    queue.add(job('speaking', speaking, 1));
    queue.add(job('coming', coming, 2));
    expect(interruptions.get('speaking')).toBe(cut ? 'pre-empted' : undefined);
  });

  test('keeps an interrupted order that had not started, behind the more severe one', async () => {
    const { begun, job, end } = jobs();
    const queue = createAnnouncementQueue();
    queue.add(job('warning', 'warning', 1));
    queue.add(job('emergency', 'emergency', 2));
    await end('warning', 'not-started');
    await end('emergency');
    expect(begun).toEqual(['warning', 'emergency', 'warning']);
  });

  test('cancels what waits and what speaks, and goes on with the next', async () => {
    const { begun, interruptions, job, end } = jobs();
    const queue = createAnnouncementQueue();
    for (const [at, id] of ['speaking', 'waiting', 'next'].entries())
      queue.add(job(id, 'warning', at));
    expect(queue.cancel('nowhere')).toBe(false);
    expect(queue.cancel('waiting')).toBe(true);
    expect(queue.cancel('speaking')).toBe(true);
    expect(Object.fromEntries(interruptions)).toEqual({
      waiting: 'cancelled',
      speaking: 'cancelled',
    });
    await end('speaking');
    expect(begun).toEqual(['speaking', 'waiting', 'next']);
    expect(queue.waiting()).toBe(0);
  });

  test('stops after cutting short what is being said, and delivers nothing more', async () => {
    const { begun, interruptions, job, end } = jobs();
    const queue = createAnnouncementQueue();
    queue.add(job('speaking', 'warning', 1));
    queue.add(job('waiting', 'warning', 2));
    const stopped = queue.stop();
    expect(interruptions.get('speaking')).toBe('stopped');
    await end('speaking');
    await stopped;
    queue.add(job('after', 'emergency', 3));
    expect(begun).toEqual(['speaking']);
  });
});
