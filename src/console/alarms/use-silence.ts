/** Stops at once what the lane is being told because of an alarm. */
import { useMutation } from '@tanstack/react-query';
import type { AlarmView } from '../../contract/console-api.ts';
import { stopAnnouncement } from '../api/routes.ts';
import { useFailureNotice } from '../shell/failure-notice.tsx';

export function isSpeaking({ announcement }: AlarmView): boolean {
  return announcement?.state === 'queued' || announcement?.state === 'speaking';
}

/** How it ended comes by the feed. */
export function useSilence(): (alarmId: string) => void {
  const notifyFailure = useFailureNotice();
  const { mutate } = useMutation({ mutationFn: stopAnnouncement, onError: notifyFailure });
  return mutate;
}
