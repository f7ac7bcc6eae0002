/** Acknowledging and closing an alarm; the lists and the pop-up follow at once, without waiting for the feed. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AlarmView, CloseReason } from '../../contract/console-api.ts';
import { keys, putAlarm } from '../api/queries.ts';
import { acknowledgeAlarm, closeAlarm } from '../api/routes.ts';
import { usePopups } from '../popup/popup-context.tsx';
import { useFailureNotice } from '../shell/failure-notice.tsx';

export type AlarmActions = Readonly<{
  busy: boolean;
  acknowledge: (alarmId: string) => void;
  close: (alarmId: string, reason: CloseReason, note: string) => void;
}>;

type Order = Readonly<{ alarmId: string; close?: Readonly<{ reason: CloseReason; note: string }> }>;

export function useAlarmActions(): AlarmActions {
  const queries = useQueryClient();
  const { dispatch, notes } = usePopups();
  const notifyFailure = useFailureNotice();
  const { mutate, isPending } = useMutation({
    mutationFn: ({ alarmId, close }: Order): Promise<AlarmView> =>
      close === undefined
        ? acknowledgeAlarm(alarmId)
        : closeAlarm(alarmId, close.reason, close.note),
    onSuccess: (alarm) => {
      putAlarm(queries, alarm);
      if (alarm.state === 'closed') notes.delete(alarm.alarmId);
      dispatch({ kind: 'changed', alarm });
    },
    onError: (error) => {
      notifyFailure(error);
      // Somebody else may have been first: show how it stands.
      void queries.invalidateQueries({ queryKey: keys.openAlarms });
    },
  });
  const acknowledge = useCallback((alarmId: string) => mutate({ alarmId }), [mutate]);
  const close = useCallback(
    (alarmId: string, reason: CloseReason, note: string) =>
      mutate({ alarmId, close: { reason, note } }),
    [mutate],
  );
  return { busy: isPending, acknowledge, close };
}
