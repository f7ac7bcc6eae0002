/** Which failed announcement the map shows at a speaker. */
import { expect, test } from 'vitest';
import { recentFailure } from './recent-failure.ts';

const failure = (announcementId: string, speakerId: string, atMs: number) => ({
  ...{ announcementId, speakerId, atMs, alarmId: 'a', cameraId: 'cam-1', wording: 'x' },
  state: 'busy' as const,
});

test('the newest of the last hour, of this speaker only', () => {
  const failures = [
    failure('older', 'horn', 1000),
    failure('newest', 'horn', 2000),
    failure('other', 'phone', 3000),
  ];
  expect(recentFailure(failures, 'horn', 4000)?.announcementId).toBe('newest');
  expect(recentFailure(failures, 'horn', 2000 + 3_600_000)).toBeUndefined();
  expect(recentFailure(failures, 'nobody', 4000)).toBeUndefined();
});
