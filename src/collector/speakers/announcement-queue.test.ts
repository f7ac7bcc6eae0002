import { describe, expect, test } from 'vitest';
import type { Severity } from '../../contract/rule.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';
import { createAnnouncementQueue, type Deliver } from './announcement-queue.ts';

function order(announcementId: string, severity: Severity, orderedAtMs = 0): AnnouncementOrder {
  return {
    announcementId,
    alarmId: 'alarm',
    speakerId: 'lane',
    announcement: { kind: 'speech', text: 'hello', language: 'en' },
    severity,
    orderedAtMs,
    expiresAtMs: 1,
  };
}

/** Deliveries that end when the test says so. */
function deliveries() {
  const begun: string[] = [];
  const ends = new Map<string, (delivered: 'done' | 'not-started') => void>();
  const interruptions = new Map<string, unknown>();
  const deliver: Deliver = ({ announcementId }, signal) => {
    begun.push(announcementId);
    return new Promise((resolve) => {
      ends.set(announcementId, resolve);
      signal.addEventListener('abort', () => interruptions.set(announcementId, signal.reason));
    });
  };
  const end = async (announcementId: string, as: 'done' | 'not-started' = 'done') => {
    ends.get(announcementId)?.(as);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, interruptions, deliver, end };
}

describe('the queue of a speaker', () => {
  test('delivers one order at a time', async () => {
    const { begun, deliver, end } = deliveries();
    const queue = createAnnouncementQueue(deliver);
    queue.add(order('first', 'warning', 1));
    queue.add(order('second', 'warning', 2));
    expect(begun).toEqual(['first']);
    await end('first');
    expect(begun).toEqual(['first', 'second']);
  });

  test('takes the most severe first, and equal ones in the order of their coming', async () => {
    const { begun, deliver, end } = deliveries();
    const queue = createAnnouncementQueue(deliver);
    queue.add(order('now', 'emergency', 1));
    queue.add(order('late-information', 'information', 5));
    queue.add(order('information', 'information', 2));
    queue.add(order('late-warning', 'warning', 4));
    queue.add(order('warning', 'warning', 3));
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
  ] as const)('lets %s cut %s short: %s', async (coming, speaking, cut) => {
    const { interruptions, deliver } = deliveries();
    const queue = createAnnouncementQueue(deliver);
    queue.add(order('speaking', speaking, 1));
    queue.add(order('coming', coming, 2));
    expect(interruptions.get('speaking')).toBe(cut ? 'pre-empted' : undefined);
  });

  test('keeps an interrupted order that had not started, behind the more severe one', async () => {
    const { begun, deliver, end } = deliveries();
    const queue = createAnnouncementQueue(deliver);
    queue.add(order('warning', 'warning', 1));
    queue.add(order('emergency', 'emergency', 2));
    await end('warning', 'not-started');
    await end('emergency');
    expect(begun).toEqual(['warning', 'emergency', 'warning']);
  });

  test('stops after cutting short what is being said, and delivers nothing more', async () => {
    const { begun, interruptions, deliver, end } = deliveries();
    const queue = createAnnouncementQueue(deliver);
    queue.add(order('speaking', 'warning', 1));
    queue.add(order('waiting', 'warning', 2));
    const stopped = queue.stop();
    expect(interruptions.get('speaking')).toBe('stopped');
    await end('speaking');
    await stopped;
    queue.add(order('after', 'emergency', 3));
    expect(begun).toEqual(['speaking']);
  });
});
